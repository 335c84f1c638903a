namespace EcsRelease.Aws;

/// <summary>Holds calls of many callers together below a rate: a token bucket. Looks at states go before all other calls,
/// each kind first come first served, so that the end of a rollout is seen at once also while tasks and definitions of
/// others are read. It slows down when AWS throttles, and recovers with each answer.</summary>
/// <param name="perSecond">Calls a second, at most.</param>
/// <param name="burst">Calls at once after a rest, at most.</param>
internal sealed class CallPace(TimeProvider time, double perSecond, int burst)
{
    private const int MostSlowdowns = 16;
    private const int RecoverySteps = 40;
    private static readonly TimeSpan _oneSlowdown = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _looks = new();
    private readonly Queue<TaskCompletionSource> _others = new();
    private readonly long _startedAt = time.GetTimestamp();
    private readonly (double PerSecond, int AtOnce) _most = (perSecond, burst);
    private double _perSecond = perSecond;
    private double _tokens = burst;
    private TimeSpan _countedAt;
    private TimeSpan? _slowedAt;
    private bool _isRunning;

    /// <summary>Waits for the turn of one call.</summary>
    /// <param name="isLook">It tells whether a rollout has ended.</param>
    public async Task WaitAsync(bool isLook, CancellationToken cancellationToken)
    {
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cancelled = cancellationToken.Register(() => turn.TrySetCanceled(cancellationToken));
        lock (_gate)
        {
            (isLook ? _looks : _others).Enqueue(turn);
            if (!_isRunning)
            {
                _isRunning = true;
                _ = GiveTurnsAsync();
            }
        }
        await turn.Task;
    }

    /// <summary>AWS refused a call as one too many.</summary>
    public void SlowDown()
    {
        lock (_gate)
        {
            var now = Now;
            // Calls that were under way together are refused together: that is one sign, not many.
            if (now - _slowedAt < _oneSlowdown)
                return;
            _slowedAt = now;
            Count(now);
            _perSecond = Math.Max(_most.PerSecond / MostSlowdowns, _perSecond / 2);
            // AWS's bucket is empty, whoever emptied it: so is this one, for a while.
            _tokens = Math.Min(_tokens, 1 - (_perSecond * _oneSlowdown.TotalSeconds));
        }
    }

    public void Recover()
    {
        lock (_gate)
        {
            Count(Now);
            _perSecond = Math.Min(_most.PerSecond, _perSecond + (_most.PerSecond / RecoverySteps));
        }
    }

    private TimeSpan Now => time.GetElapsedTime(_startedAt);

    private void Count(TimeSpan now)
    {
        _tokens = Math.Min(_most.AtOnce, _tokens + ((now - _countedAt).TotalSeconds * _perSecond));
        _countedAt = now;
    }

    private async Task GiveTurnsAsync()
    {
        while (true)
        {
            TimeSpan wait;
            lock (_gate)
            {
                Count(Now);
                if (_tokens >= 1)
                {
                    if (!_looks.TryDequeue(out var turn) && !_others.TryDequeue(out turn))
                    {
                        _isRunning = false;
                        return;
                    }
                    // One that was given up costs no call.
                    if (turn.TrySetResult())
                        _tokens--;
                    continue;
                }
                wait = TimeSpan.FromSeconds((1 - _tokens) / _perSecond);
            }
            // A delay counts whole milliseconds, downwards; what a sum of fractions lacks is none.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds))), time);
        }
    }
}

namespace EcsRelease.Aws;

/// <summary>Holds the calls of many watches together below a rate that leaves room for others in the account: a token
/// bucket. Looks at states go before all other reads, each kind first come first served, so that the end of a rollout is
/// seen at once also while tasks and definitions of others are read. It slows down when AWS throttles, and recovers with
/// each answer. As it is, with the burst at most 10 in any second: the smallest budget of what is read is 20 a second
/// (ecs-api.md 1).</summary>
/// <param name="burst">Calls that may go out at once.</param>
internal sealed class CallPace(TimeProvider time, double maxPerSecond = 8, int burst = 2)
{
    private const double MinPerSecond = 0.5;

    private readonly double _maxPerSecond = maxPerSecond;

    private const double Recovery = 0.2;
    private static readonly TimeSpan _oneSlowdown = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Queue<TaskCompletionSource> _looks = new();
    private readonly Queue<TaskCompletionSource> _others = new();
    private readonly long _startedAt = time.GetTimestamp();
    private double _perSecond = maxPerSecond;
    private TimeSpan _next;
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
            _perSecond = Math.Max(MinPerSecond, _perSecond / 2);
            _next = (_next > now ? _next : now) + _oneSlowdown;
        }
    }

    public void Recover()
    {
        lock (_gate)
            _perSecond = Math.Min(_maxPerSecond, _perSecond + Recovery);
    }

    private TimeSpan Now => time.GetElapsedTime(_startedAt);

    private async Task GiveTurnsAsync()
    {
        while (true)
        {
            TimeSpan wait;
            lock (_gate)
            {
                var now = Now;
                var interval = TimeSpan.FromSeconds(1 / _perSecond);
                wait = _next - ((burst - 1) * interval) - now;
                if (wait <= TimeSpan.Zero)
                {
                    if (!_looks.TryDequeue(out var turn) && !_others.TryDequeue(out turn))
                    {
                        _isRunning = false;
                        return;
                    }
                    // One that was given up costs no call.
                    if (turn.TrySetResult())
                        _next = (_next > now ? _next : now) + interval;
                    continue;
                }
            }
            // A delay counts whole milliseconds, downwards.
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), time);
        }
    }
}

namespace EcsRelease.Aws;

/// <summary>Holds the calls of many watches together below a rate that leaves room for others in the account: a token
/// bucket, first come first served. It slows down when AWS throttles, and recovers with each answer.</summary>
internal sealed class CallPace(TimeProvider time)
{
    // With the burst at most 10 in any second. The smallest budget of what is read is 20 a second (ecs-api.md 1).
    private const double MaxPerSecond = 8;
    private const double MinPerSecond = 0.5;
    private const int Burst = 2;

    private const double Recovery = 0.2;
    private static readonly TimeSpan _oneSlowdown = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly long _startedAt = time.GetTimestamp();
    private double _perSecond = MaxPerSecond;
    private TimeSpan _next;
    private TimeSpan? _slowedAt;

    /// <summary>Waits for the turn of one call.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait;
        lock (_gate)
        {
            var now = time.GetElapsedTime(_startedAt);
            var interval = TimeSpan.FromSeconds(1 / _perSecond);
            wait = _next - ((Burst - 1) * interval) - now;
            _next = (_next > now ? _next : now) + interval;
        }
        return wait > TimeSpan.Zero ? Task.Delay(wait, time, cancellationToken) : Task.CompletedTask;
    }

    /// <summary>AWS refused a call as one too many.</summary>
    public void SlowDown()
    {
        lock (_gate)
        {
            var now = time.GetElapsedTime(_startedAt);
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
            _perSecond = Math.Min(MaxPerSecond, _perSecond + Recovery);
    }
}

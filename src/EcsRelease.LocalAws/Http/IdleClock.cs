namespace EcsRelease.LocalAws.Http;

/// <summary>
/// When the last request that counts came, for the idle shutdown: one with a valid signature, token or key, or one to a service's
/// own address. What anybody can send keeps nothing alive.
/// </summary>
public sealed class IdleClock(TimeProvider time)
{
    private long last = time.GetTimestamp();
    private int running;

    /// <summary>Zero while a request that counts is being served.</summary>
    public TimeSpan Idle => Volatile.Read(ref running) > 0 ? TimeSpan.Zero : time.GetElapsedTime(Volatile.Read(ref last));

    /// <summary>Starts a request that counts; disposing of the answer ends it.</summary>
    public IDisposable Begin()
    {
        Interlocked.Increment(ref running);
        return new Use(this);
    }

    private void End()
    {
        Volatile.Write(ref last, time.GetTimestamp());
        Interlocked.Decrement(ref running);
    }

    private sealed class Use(IdleClock clock) : IDisposable
    {
        public void Dispose() => clock.End();
    }
}

/// <summary>Ends the server after <see cref="LocalAwsSettings.IdleTimeout"/> without a request.</summary>
public sealed partial class IdleShutdown(
    IdleClock clock, LocalAwsSettings settings, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<IdleShutdown> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (clock.Idle is var idle && idle < settings.IdleTimeout)
        {
            var rest = settings.IdleTimeout - idle;
            await Task.Delay(rest < TimeSpan.FromMilliseconds(100) ? TimeSpan.FromMilliseconds(100) : rest, time, stoppingToken);
        }

        LogIdle(logger, settings.IdleTimeout);
        lifetime.StopApplication();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "No request for {Idle}: stopping. The data is kept; `ecs-release local up` starts again.")]
    private static partial void LogIdle(ILogger logger, TimeSpan idle);
}

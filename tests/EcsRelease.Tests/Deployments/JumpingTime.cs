using Microsoft.Extensions.Time.Testing;

namespace EcsRelease.Tests.Deployments;

/// <summary>Time that jumps to the end of each delay as soon as one begins, so that a rollout of 20 minutes takes no time.</summary>
internal sealed class JumpingTime() : FakeTimeProvider(Start)
{
    public static readonly new DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero)
            Advance(dueTime);
        return timer;
    }
}

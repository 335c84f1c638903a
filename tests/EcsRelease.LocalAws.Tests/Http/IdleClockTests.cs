using EcsRelease.LocalAws.Http;
using Microsoft.Extensions.Time.Testing;

namespace EcsRelease.LocalAws.Tests.Http;

[Parallelizable(ParallelScope.All)]
public class IdleClockTests
{
    [Test]
    public async Task The_idle_time_starts_at_the_end_of_the_last_request()
    {
        var time = new FakeTimeProvider();
        var clock = new IdleClock(time);
        var request = new TaskCompletionSource();

        time.Advance(TimeSpan.FromMinutes(1));
        clock.Idle.Should().Be(TimeSpan.FromMinutes(1));
        var running = clock.RunAsync(() => request.Task);
        time.Advance(TimeSpan.FromHours(9));
        clock.Idle.Should().Be(TimeSpan.Zero, "a request is being served");
        request.SetResult();
        await running;
        time.Advance(TimeSpan.FromMinutes(2));

        clock.Idle.Should().Be(TimeSpan.FromMinutes(2));
    }
}

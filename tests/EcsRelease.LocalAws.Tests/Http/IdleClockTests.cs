using EcsRelease.LocalAws.Http;
using EcsRelease.LocalAws.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace EcsRelease.LocalAws.Tests.Http;

[Parallelizable(ParallelScope.All)]
public class IdleClockTests
{
    [Test]
    public void The_idle_time_starts_at_the_end_of_the_last_request()
    {
        var time = new FakeTimeProvider();
        var clock = new IdleClock(time);

        time.Advance(TimeSpan.FromMinutes(1));
        clock.Idle.Should().Be(TimeSpan.FromMinutes(1));
        var request = clock.Begin();
        time.Advance(TimeSpan.FromHours(9));
        clock.Idle.Should().Be(TimeSpan.Zero, "a request is being served");
        request.Dispose();
        time.Advance(TimeSpan.FromMinutes(2));

        clock.Idle.Should().Be(TimeSpan.FromMinutes(2));
    }

    [Test]
    public async Task What_anybody_can_send_does_not_keep_the_server_alive()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var aws = await LocalAwsFixture.StartAsync(time);
        var clock = aws.Services.GetRequiredService<IdleClock>();
        time.Advance(TimeSpan.FromHours(1));

        using (await aws.Http.GetAsync(new Uri(aws.Endpoint, "/_local/services/default/orders")))
        using (await aws.Http.GetAsync(new Uri(aws.Endpoint, "/v2/")))
        using (await aws.AdminAsync(HttpMethod.Post, "/_local/touch", secret: "guess"))
        using (await aws.StsAsync("Action=GetCallerIdentity", aws.Signer("sts") with { Secret = "wrong" }))
            await aws.SendAsync("ecr", "DescribeRepositories", [], aws.Signer("ecr") with { Secret = "wrong" });

        clock.Idle.Should().Be(TimeSpan.FromHours(1));
    }

    [TestCase("json")]
    [TestCase("sts")]
    [TestCase("registry")]
    [TestCase("admin")]
    public async Task A_request_with_a_right_key_starts_the_idle_time_anew(string way)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var aws = await LocalAwsFixture.StartAsync(time);
        var clock = aws.Services.GetRequiredService<IdleClock>();
        var registry = await RegistryClient.LogInAsync(aws);
        time.Advance(TimeSpan.FromHours(1));

        using var answer = way switch
        {
            "sts" => await aws.StsAsync("Action=GetCallerIdentity"),
            "registry" => await registry.SendAsync(HttpMethod.Get, "/v2/"),
            "admin" => await aws.AdminAsync(HttpMethod.Post, "/_local/touch"),
            _ => null,
        };
        if (answer is null)
            await aws.CallAsync("ecr", "DescribeRepositories", []);

        await Eventually.TrueAsync(() => clock.Idle == TimeSpan.Zero);
    }
}

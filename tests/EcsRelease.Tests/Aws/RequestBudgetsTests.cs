using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Tests.Deployments;

namespace EcsRelease.Tests.Aws;

/// <summary>Many calls at once keep to the quotas of ECS, and no refusal of one too many reaches the caller.</summary>
public sealed class RequestBudgetsTests
{
    [TestCase("RegisterTaskDefinition", 20, 1, 81)]
    [TestCase("UpdateService", 50, 5, 10.2)]
    [TestCase("ListTaskDefinitions", 50, 20, 3)]
    public void A_hundred_calls_take_as_long_as_the_quota_says_and_none_is_refused(string operation, int burst, double perSecond, double seconds)
    {
        var time = new SimulatedTime();
        var quota = new Quota(time, burst, perSecond);

        Ask(quota, time, operation, 100);

        quota.Refused.Should().Be(0);
        quota.Answered.Should().Be(100);
        (time.GetUtcNow() - JumpingTime.Start).TotalSeconds.Should().BeApproximately(seconds, 0.5);
    }

    [Test]
    public void What_others_of_the_account_use_is_waited_for_and_every_call_is_done_once()
    {
        var time = new SimulatedTime();
        var quota = new Quota(time, burst: 3, perSecond: 0.5);

        Ask(quota, time, "RegisterTaskDefinition", 30);

        quota.Answered.Should().Be(30);
        quota.Refused.Should().BePositive();
    }

    [Test]
    public void Families_do_not_wait_for_each_other()
    {
        var time = new SimulatedTime();
        var budgets = new RequestBudgets(time);
        var calls = new PacedCalls(new Quota(time, 1000, 1000), budgets.Of);
        time.Run(async () =>
        {
            for (var taken = 0; taken < 19; taken++)
                await calls.CallAsync("RegisterTaskDefinition", [], CancellationToken.None);
            return await calls.CallAsync("UpdateService", [], CancellationToken.None);
        });

        time.GetUtcNow().Should().Be(JumpingTime.Start);
    }

    private static void Ask(Quota quota, SimulatedTime time, string operation, int times)
    {
        var calls = new PacedCalls(quota, new RequestBudgets(time).Of);
        time.Run(() => Task.WhenAll(Enumerable.Range(0, times).Select(_ => calls.CallAsync(operation, [], CancellationToken.None))));
    }

    /// <summary>A token bucket as AWS's: it refuses what is too much.</summary>
    private sealed class Quota(TimeProvider time, int burst, double perSecond) : IJsonService
    {
        private readonly Lock gate = new();
        private double tokens = burst;
        private long at = time.GetTimestamp();

        public int Answered { get; private set; }

        public int Refused { get; private set; }

        public Task<JsonObject> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken)
        {
            lock (gate)
            {
                var now = time.GetTimestamp();
                tokens = Math.Min(burst, tokens + (time.GetElapsedTime(at, now).TotalSeconds * perSecond));
                at = now;
                if (tokens < 1)
                {
                    Refused++;
                    throw new AwsServiceException("ecs:" + operation, "ThrottlingException", "Rate exceeded");
                }
                tokens--;
                Answered++;
                return Task.FromResult(new JsonObject());
            }
        }
    }
}

using System.Text.Json.Nodes;
using EcsRelease.Deployments;

namespace EcsRelease.Tests.Deployments;

/// <summary>deploymentConfiguration as DescribeServices answers it (API page of DeploymentConfiguration).</summary>
public sealed class StrategyTextTests
{
    [TestCase("""{"minimumHealthyPercent":50,"maximumPercent":150,"deploymentCircuitBreaker":{"enable":true,"rollback":true}}""", "ROLLING, 50 to 150 % of the tasks, circuit breaker with rollback")]
    [TestCase("""{"strategy":"ROLLING","deploymentCircuitBreaker":{"enable":true,"rollback":false}}""", "ROLLING, 100 to 200 % of the tasks, circuit breaker without rollback")]
    [TestCase("""{"deploymentCircuitBreaker":{"enable":false,"rollback":false}}""", "ROLLING, 100 to 200 % of the tasks, no circuit breaker")]
    [TestCase("""{"strategy":"BLUE_GREEN","bakeTimeInMinutes":15}""", "BLUE_GREEN, bake time 15 min")]
    [TestCase("""{"strategy":"LINEAR","bakeTimeInMinutes":5,"linearConfiguration":{"stepPercent":12.5,"stepBakeTimeInMinutes":6}}""", "LINEAR, 12.5 % of the traffic every 6 min, bake time 5 min")]
    [TestCase("""{"strategy":"CANARY","bakeTimeInMinutes":5,"canaryConfiguration":{"canaryPercent":5,"canaryBakeTimeInMinutes":10}}""", "CANARY, 5 % of the traffic for 10 min, bake time 5 min")]
    [TestCase("""{"strategy":"NEXT_YEARS"}""", "NEXT_YEARS")]
    public void A_strategy_is_told_with_its_figures(string configuration, string expected) => Of(configuration).Should().Equal(expected);

    [Test]
    public void Hooks_alarms_and_early_success_follow_one_a_line() =>
        Of("""
            {"strategy":"BLUE_GREEN","bakeTimeInMinutes":15,
             "earlySuccessCriteria":{"enable":true,"healthyPercent":80},
             "alarms":{"enable":true,"rollback":true,"alarmNames":["5xx","latency"]},
             "lifecycleHooks":[
               {"targetType":"AWS_LAMBDA","hookTargetArn":"arn:aws:lambda:eu-west-1:123456789012:function:check","lifecycleStages":["POST_TEST_TRAFFIC_SHIFT"]},
               {"targetType":"PAUSE","lifecycleStages":["PRE_SCALE_UP","POST_SCALE_UP"],"timeoutConfiguration":{"timeoutInMinutes":60,"action":"CONTINUE"}},
               {"targetType":"PAUSE","lifecycleStages":["BAKE_TIME"]}]}
            """).Skip(1).Should().Equal(
            "succeeds early, with 80 % of the tasks healthy",
            "rolls back when an alarm fires: 5xx, latency",
            "runs arn:aws:lambda:eu-west-1:123456789012:function:check at POST_TEST_TRAFFIC_SHIFT",
            "pauses at PRE_SCALE_UP, POST_SCALE_UP until it is continued (after 60 min: CONTINUE)",
            "pauses at BAKE_TIME until it is continued (after 1440 min: ROLLBACK)");

    [Test]
    public void Another_controller_has_its_own_ways() =>
        StrategyText.Of(null, "CODE_DEPLOY").Should().Equal("by the deployment controller CODE_DEPLOY");

    private static IReadOnlyList<string> Of(string configuration) => StrategyText.Of((JsonObject)JsonNode.Parse(configuration)!);
}

using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.Tests.Ecs;

/// <summary>Deployments that fail, tick by tick (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html).</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CircuitBreakerTests : IDisposable
{
    private const string Breaker = """{"deploymentCircuitBreaker":{"enable":true,"rollback":true}}""";
    private const string BreakerWithoutRollback = """{"deploymentCircuitBreaker":{"enable":true,"rollback":false}}""";

    private readonly EcsRig _ecs = new();

    public void Dispose() => _ecs.Dispose();

    [TestCase("crash")]
    [TestCase("lost")]
    public void A_crash_loop_trips_the_breaker_and_rolls_back(string image)
    {
        _ecs.Live("good", 2, Breaker);
        var (good, goodId) = (_ecs.Service()["taskDefinition"]!.ToString(), _ecs.PrimaryId());
        _ecs.Update($"\"taskDefinition\":\"{_ecs.Register(image)}\"");
        var badId = _ecs.PrimaryId();
        _ecs.Until(() => _ecs.Status() == "ROLLBACK_SUCCESSFUL");

        var deployment = _ecs.ServiceDeployments()[0];
        deployment["statusReason"]!.ToString().Should().Be("Service deployment rolled back because the circuit breaker threshold was exceeded.");
        deployment["deploymentCircuitBreaker"]!["status"]!.ToString().Should().Be("TRIGGERED");
        deployment["deploymentCircuitBreaker"]!["failureCount"]!.GetValue<int>().Should().BeGreaterThanOrEqualTo(3);
        deployment["rollback"]!["serviceRevisionArn"]!.ToString().Should().NotBe(deployment["targetServiceRevision"]!["arn"]!.ToString());
        _ecs.Service()["taskDefinition"]!.ToString().Should().Be(good);
        _ecs.PrimaryId().Should().Be(goodId);
        _ecs.Events().Should().ContainInOrder(
            "(service orders) has reached a steady state.",
            $"(service orders) rolling back to deployment {goodId}.",
            $"(service orders) (deployment {badId}) deployment failed: tasks failed to start.");
        _ecs.Tasks().Should().HaveCount(2).And.OnlyContain(task => task["taskDefinitionArn"]!.ToString() == good);
    }

    [TestCase(Breaker, "ROLLBACK_SUCCESSFUL")]
    [TestCase(BreakerWithoutRollback, "STOPPED")]
    public void A_tripped_breaker_goes_on_showing_the_count_that_tripped_it(string configuration, string end)
    {
        _ecs.Live("good", 1, configuration);
        _ecs.Update($"\"taskDefinition\":\"{_ecs.Register("crash")}\"");
        _ecs.Until(() => _ecs.Status() == end);
        _ecs.Run(50);

        _ecs.ServiceDeployments()[0]["deploymentCircuitBreaker"]!.ToJsonString().Should().Be("""{"status":"TRIGGERED","failureCount":3,"threshold":3}""");
    }

    [Test]
    public void A_task_that_gets_healthy_after_the_trip_does_not_reset_the_count()
    {
        _ecs.Live("good", 4, BreakerWithoutRollback);
        var bad = _ecs.Register("good");
        _ecs.Update($"\"taskDefinition\":\"{bad}\"");
        _ecs.Run(4);
        foreach (var task in _ecs.Tasks().Where(task => task["taskDefinitionArn"]!.ToString() == bad).Take(3))
            _ecs.Crash(task);
        _ecs.Until(() => _ecs.Status() == "STOPPED");
        _ecs.Until(() => _ecs.Deployments()[0]["failedTasks"]!.GetValue<int>() == 0);

        _ecs.ServiceDeployments()[0]["deploymentCircuitBreaker"]!["failureCount"]!.GetValue<int>().Should().Be(3);
    }

    [Test]
    public void While_it_rolls_back_the_bad_deployment_is_ACTIVE_and_FAILED()
    {
        _ecs.Live("good", 2, Breaker);
        _ecs.Update($"\"taskDefinition\":\"{_ecs.Register("crash")}\"");
        JsonObject? rolling = null;
        _ecs.Until(() =>
        {
            if (_ecs.Status() == "ROLLBACK_IN_PROGRESS")
                rolling = _ecs.Service();
            return _ecs.Status() == "ROLLBACK_SUCCESSFUL";
        });

        var deployments = rolling!["deployments"]!.AsArray();
        deployments[0]!["status"]!.ToString().Should().Be("PRIMARY");
        deployments[0]!["rolloutStateReason"]!.ToString().Should().StartWith("ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/");
        (deployments[1]!["status"]!.ToString(), deployments[1]!["rolloutState"]!.ToString()).Should().Be(("ACTIVE", "FAILED"));
    }

    [Test]
    public void A_first_deployment_that_fails_has_nothing_to_roll_back_to()
    {
        _ecs.CreateService(_ecs.Register("crash"), 2, Breaker);
        _ecs.Until(() => _ecs.Status() == "ROLLBACK_FAILED");

        _ecs.ServiceDeployments()[0]["statusReason"]!.ToString().Should().Be("No rollback candidate was found to run the rollback.");
        ShouldStayFailed();
    }

    [Test]
    public void With_rollback_off_the_bad_deployment_stays_PRIMARY_and_starts_no_more_tasks()
    {
        _ecs.Live("good", 2, BreakerWithoutRollback);
        _ecs.Update($"\"taskDefinition\":\"{_ecs.Register("crash")}\"");
        _ecs.Until(() => _ecs.Status() == "STOPPED");

        ShouldStayFailed();
        _ecs.ServiceDeployments()[0].ContainsKey("statusReason").Should().BeFalse("no text of AWS for it is known");
        _ecs.Deployments()[1]["runningCount"]!.GetValue<int>().Should().Be(2, "the old tasks keep serving");
        _ecs.Call("StopTask", $$"""{"task":"{{_ecs.Tasks()[0]["taskArn"]}}"}""");
        _ecs.Until(() => _ecs.Service()["runningCount"]!.GetValue<int>() == 1);
        _ecs.Until(() => _ecs.Deployments()[1]["runningCount"]!.GetValue<int>() == 2);
    }

    [Test]
    public void With_the_breaker_off_it_goes_on_for_ever()
    {
        _ecs.Live("good");
        _ecs.Update($"\"taskDefinition\":\"{_ecs.Register("crash")}\"");
        _ecs.Until(() => _ecs.Deployments()[0]["failedTasks"]!.GetValue<int>() > 6);

        _ecs.Status().Should().Be("IN_PROGRESS");
        _ecs.Events().Should().Contain(text => text.Contains("is unable to consistently start tasks successfully"));
        _ecs.Update($"\"taskDefinition\":\"{_ecs.Register("good")}\"");
        _ecs.Until(() => _ecs.Status() == "SUCCESSFUL");
    }

    [Test]
    public void A_failed_health_check_counts_as_a_failure_and_is_told()
    {
        _ecs.Live("good", 1, Breaker);
        _ecs.Update($"\"taskDefinition\":\"{_ecs.Register("sick", ",\"healthCheck\":{\"command\":[\"CMD-SHELL\",\"x\"]}")}\"");
        _ecs.Until(() => _ecs.Status() == "ROLLBACK_SUCCESSFUL");

        _ecs.Events().Should().Contain(text => text.EndsWith("failed container health checks.", StringComparison.Ordinal))
            .And.Contain(text => text.EndsWith("Amazon ECS replaced 1 tasks due to an unhealthy status.", StringComparison.Ordinal));
        _ecs.Tasks("STOPPED").Should().Contain(task => task["stoppedReason"]!.ToString() == "Task failed container health checks");
    }

    private void ShouldStayFailed()
    {
        var stopped = _ecs.Tasks("STOPPED").Count;
        _ecs.Run(100);
        _ecs.Tasks("STOPPED").Should().HaveCount(stopped);
        var primary = _ecs.Deployments()[0];
        (primary["rolloutState"]!.ToString(), primary["rolloutStateReason"]!.ToString()).Should().Be(("FAILED", "ECS deployment circuit breaker: tasks failed to start."));
    }
}

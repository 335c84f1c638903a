using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.Tests.Ecs;

/// <summary>The rolling update, tick by tick (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html).</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RolloutTests : IDisposable
{
    private const string Breaker = """{"deploymentCircuitBreaker":{"enable":true,"rollback":true}}""";
    private const string BreakerWithoutRollback = """{"deploymentCircuitBreaker":{"enable":true,"rollback":false}}""";

    private readonly EcsRig _ecs = new();

    public void Dispose() => _ecs.Dispose();

    [Test]
    public void A_new_service_reaches_a_steady_state()
    {
        Live("good");

        _ecs.Deployments().Should().ContainSingle().Which["rolloutState"]!.ToString().Should().Be("COMPLETED");
        _ecs.Events().Take(2).Should().Equal(
            "(service orders) has reached a steady state.", $"(service orders) (deployment {PrimaryId()}) deployment completed.");
        _ecs.Tasks().Should().HaveCount(2).And.OnlyContain(task => task["startedBy"]!.ToString() == PrimaryId());
        _ecs.ServiceDeployments()[0]["targetServiceRevision"]!["runningTaskCount"]!.GetValue<int>().Should().Be(2);
    }

    [Test]
    public void An_update_replaces_all_tasks_and_names_the_digest_that_runs()
    {
        Live("good");
        var next = _ecs.Register("good");
        var answered = _ecs.Update($"\"taskDefinition\":\"{next}\"");
        answered["deployments"]!.AsArray().Select(one => one!["status"]!.ToString()).Should().Equal("PRIMARY", "ACTIVE");
        _ecs.Until(() => _ecs.Status() == "SUCCESSFUL");

        _ecs.Tasks().Should().HaveCount(2).And.OnlyContain(task => task["taskDefinitionArn"]!.ToString() == next);
        _ecs.Tasks("STOPPED").Should().OnlyContain(task =>
            task["stopCode"]!.ToString() == "ServiceSchedulerInitiated" && task["stoppedReason"]!.ToString() == $"Scaling activity initiated by (deployment {PrimaryId()})");
        var deployment = _ecs.ServiceDeployments()[0];
        var revisions = _ecs.Call("DescribeServiceRevisions", $$"""{"serviceRevisionArns":["{{deployment["targetServiceRevision"]!["arn"]}}"]}""");
        revisions["serviceRevisions"]![0]!["containerImages"]![0]!["imageDigest"]!.ToString().Should().Be("sha256:index");
    }

    [TestCase(1, 100, 200)]
    [TestCase(4, 50, 100)]
    [TestCase(4, 100, 125)]
    [TestCase(3, 0, 200)]
    [TestCase(5, 80, 150)]
    [TestCase(10, 90, 110)]
    public void Counts_keep_within_the_percents_at_every_moment(int desired, int minimum, int maximum)
    {
        Live("good", desired, $$"""{"minimumHealthyPercent":{{minimum}},"maximumPercent":{{maximum}}}""");
        var broken = new List<string>();
        _ecs.Sample = (live, healthy, lower, upper) =>
        {
            if (live > upper || healthy < lower)
                broken.Add($"live {live} of {upper}, healthy {healthy} of {lower}");
        };
        _ecs.Update($"\"taskDefinition\":\"{_ecs.Register("good")}\"");
        _ecs.Until(() => _ecs.Status() == "SUCCESSFUL");

        broken.Should().BeEmpty();
        _ecs.Tasks().Should().HaveCount(desired);
    }

    [TestCase("crash")]
    [TestCase("lost")]
    public void A_crash_loop_trips_the_breaker_and_rolls_back(string image)
    {
        Live("good", 2, Breaker);
        var (good, goodId) = (_ecs.Service()["taskDefinition"]!.ToString(), PrimaryId());
        _ecs.Update($"\"taskDefinition\":\"{_ecs.Register(image)}\"");
        var badId = PrimaryId();
        _ecs.Until(() => _ecs.Status() == "ROLLBACK_SUCCESSFUL");

        var deployment = _ecs.ServiceDeployments()[0];
        deployment["statusReason"]!.ToString().Should().Be("Service deployment rolled back because the circuit breaker threshold was exceeded.");
        deployment["deploymentCircuitBreaker"]!["status"]!.ToString().Should().Be("TRIGGERED");
        deployment["deploymentCircuitBreaker"]!["failureCount"]!.GetValue<int>().Should().BeGreaterThanOrEqualTo(3);
        deployment["rollback"]!["serviceRevisionArn"]!.ToString().Should().NotBe(deployment["targetServiceRevision"]!["arn"]!.ToString());
        _ecs.Service()["taskDefinition"]!.ToString().Should().Be(good);
        PrimaryId().Should().Be(goodId);
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
        Live("good", 1, configuration);
        _ecs.Update($"\"taskDefinition\":\"{_ecs.Register("crash")}\"");
        _ecs.Until(() => _ecs.Status() == end);
        _ecs.Run(50);

        _ecs.ServiceDeployments()[0]["deploymentCircuitBreaker"]!.ToJsonString().Should().Be("""{"status":"TRIGGERED","failureCount":3,"threshold":3}""");
    }

    [Test]
    public void A_task_that_gets_healthy_after_the_trip_does_not_reset_the_count()
    {
        Live("good", 4, BreakerWithoutRollback);
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
        Live("good", 2, Breaker);
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
        Live("good", 2, BreakerWithoutRollback);
        _ecs.Update($"\"taskDefinition\":\"{_ecs.Register("crash")}\"");
        _ecs.Until(() => _ecs.Status() == "STOPPED");

        ShouldStayFailed();
        _ecs.ServiceDeployments()[0].ContainsKey("statusReason").Should().BeFalse("no text of AWS for it is known");
        _ecs.Deployments()[1]["runningCount"]!.GetValue<int>().Should().Be(2, "the old tasks keep serving");
        _ecs.Call("StopTask", $$"""{"task":"{{_ecs.Tasks()[0]["taskArn"]}}"}""");
        _ecs.Until(() => _ecs.Service()["runningCount"]!.GetValue<int>() == 1);
        _ecs.Until(() => _ecs.Deployments()[1]["runningCount"]!.GetValue<int>() == 2);
    }

    [TestCase("hang", 1, 100, 200)]
    [TestCase("hang", 2, 100, 150)]
    [TestCase("hang", 4, 50, 100)]
    [TestCase("crash", 2, 100, 200)]
    public void A_good_task_that_is_lost_during_a_rollout_is_replaced_while_the_new_ones_are_not_healthy(string image, int desired, int minimum, int maximum)
    {
        Live("good", desired, $$"""{"minimumHealthyPercent":{{minimum}},"maximumPercent":{{maximum}}}""");
        var good = _ecs.Service()["taskDefinition"]!.ToString();
        var (healthy, lower, overfull) = (0, 0, false);
        _ecs.Sample = (live, nowHealthy, nowLower, upper) => (healthy, lower, overfull) = (nowHealthy, nowLower, overfull || live > upper);
        _ecs.Update($"\"taskDefinition\":\"{_ecs.Register(image)}\"");
        _ecs.Run(10);
        healthy.Should().BeGreaterThanOrEqualTo(lower);

        _ecs.Crash(_ecs.Tasks().First(task => task["taskDefinitionArn"]!.ToString() == good));
        _ecs.Run(1);
        healthy.Should().Be(lower - 1);
        _ecs.Until(() => healthy >= lower);

        (_ecs.Status(), overfull).Should().Be(("IN_PROGRESS", false));
        _ecs.Update($"\"taskDefinition\":\"{_ecs.Register("good")}\"");
        _ecs.Until(() => _ecs.Status() == "SUCCESSFUL");
        _ecs.Tasks().Should().HaveCount(desired);
        overfull.Should().BeFalse();
    }

    [Test]
    public void With_the_breaker_off_it_goes_on_for_ever()
    {
        Live("good");
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
        Live("good", 1, Breaker);
        _ecs.Update($"\"taskDefinition\":\"{_ecs.Register("sick", ",\"healthCheck\":{\"command\":[\"CMD-SHELL\",\"x\"]}")}\"");
        _ecs.Until(() => _ecs.Status() == "ROLLBACK_SUCCESSFUL");

        _ecs.Events().Should().Contain(text => text.EndsWith("failed container health checks.", StringComparison.Ordinal))
            .And.Contain(text => text.EndsWith("Amazon ECS replaced 1 tasks due to an unhealthy status.", StringComparison.Ordinal));
        _ecs.Tasks("STOPPED").Should().Contain(task => task["stoppedReason"]!.ToString() == "Task failed container health checks");
    }

    [Test]
    public void A_newer_update_supersedes_the_running_one()
    {
        Live("good");
        _ecs.Update($"\"taskDefinition\":\"{_ecs.Register("hang")}\"");
        _ecs.Run(5);
        var last = _ecs.Register("good");
        _ecs.Update($"\"taskDefinition\":\"{last}\"");
        _ecs.ServiceDeployments().Select(one => one["status"]!.ToString()).Should().Equal("PENDING", "STOPPED", "SUCCESSFUL");
        _ecs.Until(() => _ecs.Status() == "SUCCESSFUL");

        _ecs.Deployments().Should().ContainSingle();
        _ecs.Tasks().Should().HaveCount(2).And.OnlyContain(task => task["taskDefinitionArn"]!.ToString() == last);
    }

    [Test]
    public void Nothing_begins_when_nothing_changes_but_force_begins_one()
    {
        Live("good");
        var id = PrimaryId();
        _ecs.Update($"\"taskDefinition\":\"{_ecs.Service()["taskDefinition"]}\"");
        PrimaryId().Should().Be(id);
        _ecs.Update("\"forceNewDeployment\":true");
        PrimaryId().Should().NotBe(id);
        _ecs.Until(() => _ecs.Status() == "SUCCESSFUL");

        _ecs.Tasks().Should().HaveCount(2).And.OnlyContain(task => task["startedBy"]!.ToString() == PrimaryId());
    }

    [Test]
    public void A_change_of_the_desired_count_begins_no_deployment()
    {
        Live("good");
        _ecs.Update("\"desiredCount\":4");
        _ecs.Until(() => _ecs.Tasks().Count(task => task["lastStatus"]!.ToString() == "RUNNING") == 4);
        _ecs.Update("\"desiredCount\":1");
        _ecs.Until(() => _ecs.Service()["runningCount"]!.GetValue<int>() == 1);

        _ecs.ServiceDeployments().Should().ContainSingle();
        _ecs.Update("\"desiredCount\":0,\"forceNewDeployment\":true");
        _ecs.Until(() => _ecs.Status() == "SUCCESSFUL");
        _ecs.Tasks().Should().BeEmpty();
    }

    [Test]
    public void A_stopped_service_deployment_rolls_back()
    {
        Live("good");
        var good = _ecs.Service()["taskDefinition"]!.ToString();
        _ecs.Update($"\"taskDefinition\":\"{_ecs.Register("hang")}\"");
        _ecs.Run(5);
        _ecs.Call("StopServiceDeployment", $$"""{"serviceDeploymentArn":"{{_ecs.Service()["currentServiceDeployment"]}}","stopType":"ROLLBACK"}""");
        _ecs.Status().Should().Be("ROLLBACK_REQUESTED");
        _ecs.Until(() => _ecs.Status() == "ROLLBACK_SUCCESSFUL");

        _ecs.Service()["taskDefinition"]!.ToString().Should().Be(good);
        _ecs.Tasks().Should().HaveCount(2).And.OnlyContain(task => task["taskDefinitionArn"]!.ToString() == good);
    }

    [Test]
    public void Percents_that_leave_no_room_are_told()
    {
        Live("good", 1, """{"minimumHealthyPercent":100,"maximumPercent":100}""");
        _ecs.Update("\"forceNewDeployment\":true");
        _ecs.Run(10);

        _ecs.Events()[0].Should().StartWith("(service orders) was unable to stop or start tasks during a deployment because of the service deployment configuration.");
    }

    [Test]
    public void A_task_that_a_user_stops_is_replaced_and_is_no_failure()
    {
        Live("good");
        var task = _ecs.Tasks()[0]["taskArn"]!.ToString();
        _ecs.Call("StopTask", $$"""{"task":"{{task}}","reason":"trying"}""");
        _ecs.Until(() => _ecs.Service()["runningCount"]!.GetValue<int>() == 1);
        _ecs.Until(() => _ecs.Events()[0] == "(service orders) has reached a steady state.");

        _ecs.Deployments()[0]["failedTasks"]!.GetValue<int>().Should().Be(0);
        _ecs.Tasks("STOPPED").Single()["stoppedReason"]!.ToString().Should().Be("trying");
    }

    [Test]
    public void A_deleted_service_drains_and_frees_its_name()
    {
        Live("good");
        _ecs.Call("DeleteService", """{"service":"orders","force":true}""")["service"]!["status"]!.ToString().Should().Be("DRAINING");
        _ecs.Until(() => _ecs.Service()["status"]!.ToString() == "INACTIVE");

        _ecs.Call("ListServices", "{}")["serviceArns"]!.AsArray().Should().BeEmpty();
        Live("good");
    }

    private void Live(string image, int desired = 2, string configuration = "{}")
    {
        _ecs.CreateService(_ecs.Register(image), desired, configuration);
        _ecs.Until(() => _ecs.Status() == "SUCCESSFUL");
    }

    private string PrimaryId() => _ecs.Deployments()[0]["id"]!.ToString();

    private void ShouldStayFailed()
    {
        var stopped = _ecs.Tasks("STOPPED").Count;
        _ecs.Run(100);
        _ecs.Tasks("STOPPED").Should().HaveCount(stopped);
        var primary = _ecs.Deployments()[0];
        (primary["rolloutState"]!.ToString(), primary["rolloutStateReason"]!.ToString()).Should().Be(("FAILED", "ECS deployment circuit breaker: tasks failed to start."));
    }
}

using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.Tests.Ecs;

/// <summary>The rolling update, tick by tick (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html).</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RolloutTests : IDisposable
{
    private readonly EcsRig _ecs = new();

    public void Dispose() => _ecs.Dispose();

    [Test]
    public void A_new_service_reaches_a_steady_state()
    {
        _ecs.Live("good");

        _ecs.Deployments().Should().ContainSingle().Which["rolloutState"]!.ToString().Should().Be("COMPLETED");
        _ecs.Events().Take(2).Should().Equal(
            "(service orders) has reached a steady state.", $"(service orders) (deployment {_ecs.PrimaryId()}) deployment completed.");
        _ecs.Tasks().Should().HaveCount(2).And.OnlyContain(task => task["startedBy"]!.ToString() == _ecs.PrimaryId());
        _ecs.ServiceDeployments()[0]["targetServiceRevision"]!["runningTaskCount"]!.GetValue<int>().Should().Be(2);
    }

    [Test]
    public void An_update_replaces_all_tasks_and_names_the_digest_that_runs()
    {
        _ecs.Live("good");
        var next = _ecs.Register("good");
        var answered = _ecs.Update($"\"taskDefinition\":\"{next}\"");
        answered["deployments"]!.AsArray().Select(one => one!["status"]!.ToString()).Should().Equal("PRIMARY", "ACTIVE");
        _ecs.Until(() => _ecs.Status() == "SUCCESSFUL");

        _ecs.Tasks().Should().HaveCount(2).And.OnlyContain(task => task["taskDefinitionArn"]!.ToString() == next);
        _ecs.Tasks("STOPPED").Should().OnlyContain(task =>
            task["stopCode"]!.ToString() == "ServiceSchedulerInitiated" && task["stoppedReason"]!.ToString() == $"Scaling activity initiated by (deployment {_ecs.PrimaryId()})");
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
        _ecs.Live("good", desired, $$"""{"minimumHealthyPercent":{{minimum}},"maximumPercent":{{maximum}}}""");
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

    [TestCase("hang", 1, 100, 200)]
    [TestCase("hang", 2, 100, 150)]
    [TestCase("hang", 4, 50, 100)]
    [TestCase("crash", 2, 100, 200)]
    public void A_good_task_that_is_lost_during_a_rollout_is_replaced_while_the_new_ones_are_not_healthy(string image, int desired, int minimum, int maximum)
    {
        _ecs.Live("good", desired, $$"""{"minimumHealthyPercent":{{minimum}},"maximumPercent":{{maximum}}}""");
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
    public void A_newer_update_supersedes_the_running_one()
    {
        _ecs.Live("good");
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
        _ecs.Live("good");
        var id = _ecs.PrimaryId();
        _ecs.Update($"\"taskDefinition\":\"{_ecs.Service()["taskDefinition"]}\"");
        _ecs.PrimaryId().Should().Be(id);
        _ecs.Update("\"forceNewDeployment\":true");
        _ecs.PrimaryId().Should().NotBe(id);
        _ecs.Until(() => _ecs.Status() == "SUCCESSFUL");

        _ecs.Tasks().Should().HaveCount(2).And.OnlyContain(task => task["startedBy"]!.ToString() == _ecs.PrimaryId());
    }

    [Test]
    public void A_change_of_the_desired_count_begins_no_deployment()
    {
        _ecs.Live("good");
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
        _ecs.Live("good");
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
        _ecs.Live("good", 1, """{"minimumHealthyPercent":100,"maximumPercent":100}""");
        _ecs.Update("\"forceNewDeployment\":true");
        _ecs.Run(10);

        _ecs.Events()[0].Should().StartWith("(service orders) was unable to stop or start tasks during a deployment because of the service deployment configuration.");
    }

    [Test]
    public void A_task_that_a_user_stops_is_replaced_and_is_no_failure()
    {
        _ecs.Live("good");
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
        _ecs.Live("good");
        _ecs.Call("DeleteService", """{"service":"orders","force":true}""")["service"]!["status"]!.ToString().Should().Be("DRAINING");
        _ecs.Until(() => _ecs.Service()["status"]!.ToString() == "INACTIVE");

        _ecs.Call("ListServices", "{}")["serviceArns"]!.AsArray().Should().BeEmpty();
        _ecs.Live("good");
    }
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Tests.Verbs;

namespace EcsRelease.Tests.Gates;

/// <summary>EcsBeforeDeploy in a release, on the local AWS with its runtime `none`, which acts on echo, sleep and exit.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class BeforeDeployTests
{
    private static readonly ReleaseOptions Migrates = new() { BeforeDeploy = "sh -c 'echo migrating; exit 0'" };
    private static readonly ReleaseOptions Fails = new() { BeforeDeploy = "sh -c 'echo adding column; echo relation is locked; exit 3'" };

    private EngineBed bed = null!;

    [SetUp]
    public async Task SetUp() => bed = await EngineBed.StartAsync();

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task A_command_that_exits_with_0_runs_in_the_new_revision_and_the_release_goes_on()
    {
        var created = await bed.ReleaseAsync(Migrates);
        bed.Commit("second");
        var updated = await bed.ReleaseAsync(Migrates);

        foreach (var record in new[] { created, updated })
        {
            record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
            record.Gates!.Before.Should().Match<GateRecord>(gate => gate.ExitCode == 0 && gate.Seconds > 0);
            record.Seconds.Should().ContainKey("before");
            var task = await TaskAsync(record);
            task.Text("taskDefinitionArn").Should().Be(record.TaskDefinition);
            task.Text("startedBy").Should().Be($"ecs-release/EcsBeforeDeploy/{record.Commit}");
            task.Text("launchType").Should().Be("FARGATE");
            task.Objects("tags").Should().Contain(tag => tag.Text("key") == "ecs-release:commit" && tag.Text("value") == record.Commit);
        }
        bed.Reporter.Lines.Should().ContainInOrder("| migrating", "Update: Updating service orders");
    }

    [Test]
    public async Task A_command_that_fails_leaves_the_service_as_it_was_and_runs_again_with_the_next_run()
    {
        var first = await bed.ReleaseAsync();
        bed.Commit("second");

        var failed = await bed.ReleaseAsync(Fails);
        var deployments = await bed.DeploymentsAsync();
        var mended = await bed.ReleaseAsync(Migrates);

        (failed.Outcome, failed.Code).Should().Be((ReleaseOutcome.HookFailed, "ECSR5190"));
        failed.Message.Should().Contain("failed, so 'orders' was not updated: container 'orders' exited with code 3, its log says: relation is locked.");
        failed.Evidence!.Tasks.Single().Containers.Single().Log.Should().Equal("adding column", "relation is locked");
        failed.Gates!.Before!.ExitCode.Should().Be(3);
        deployments.Should().Be(1);
        (await bed.RevisionsAsync()).Should().Equal(failed.TaskDefinition, first.TaskDefinition);
        mended.Outcome.Should().Be(ReleaseOutcome.Succeeded, mended.Message);
        mended.TaskDefinition.Should().Be(failed.TaskDefinition, "the commit has its revision already");
        mended.Gates!.Before!.Task.Should().NotBe(failed.Gates.Before.Task);
    }

    [Test]
    public async Task A_revision_that_is_live_has_passed_its_gate_and_a_release_that_stops_early_does_not_come_to_it()
    {
        var registered = await bed.ReleaseAsync(Fails with { StopAfter = StopAfterStep.Register });
        await bed.ReleaseAsync();
        var unchanged = await bed.ReleaseAsync(Fails);
        var forced = await bed.ReleaseAsync(Fails with { Force = true });

        (registered.Outcome, unchanged.Outcome, forced.Outcome).Should().Be((ReleaseOutcome.HandedOn, ReleaseOutcome.Unchanged, ReleaseOutcome.Succeeded), forced.Message);
        new[] { registered, unchanged, forced }.Should().OnlyContain(record => record.Gates == null);
    }

    [Test]
    public async Task A_lost_answer_to_RunTask_runs_the_command_once()
    {
        await bed.FaultAsync("RunTask", "loseAnswer");

        var record = await bed.ReleaseAsync(Migrates);

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        (await TasksAsync($"ecs-release/EcsBeforeDeploy/{record.Commit}")).Should().ContainSingle();
    }

    [Test]
    public async Task A_command_that_does_not_end_is_stopped_at_the_limit()
    {
        var record = await bed.ReleaseAsync(new() { BeforeDeploy = "sh -c 'echo waiting for the lock; sleep 600'", Timeout = TimeSpan.FromSeconds(2) });

        (record.Outcome, record.Code).Should().Be((ReleaseOutcome.HookFailed, "ECSR5192"));
        record.Message.Should().EndWith($"Its task {record.Gates!.Before!.Task} was stopped.");
        record.Evidence!.Tasks.Single().Containers.Single().Log.Should().Equal("waiting for the lock");
        (await TaskAsync(record)).Text("desiredStatus").Should().Be("STOPPED");
    }

    [Test]
    public async Task Ctrl_C_stops_the_task_and_says_so()
    {
        using var cancel = new CancellationTokenSource();
        var release = bed.Release(new() { BeforeDeploy = "sleep 600" });
        var plan = await release.PlanAsync(CancellationToken.None);
        bed.Reporter.OnLine = line =>
        {
            if (line.EndsWith(": RUNNING", StringComparison.Ordinal))
                cancel.Cancel();
        };

        var run = () => bed.RunAsync(release, plan, cancel.Token);

        await run.Should().ThrowAsync<OperationCanceledException>();
        var task = (await TasksAsync($"ecs-release/EcsBeforeDeploy/{plan.Commit.Sha}")).Single();
        release.WhatGoesOn.Should().Be(
            $"Service 'orders' was not updated. Run the same command again: what was pushed is reused. EcsBeforeDeploy did not end. Its task {task.Text("taskArn")} was stopped.");
        task.Text("stoppedReason").Should().Be("ecs-release: nobody waits for it any more");
    }

    [Test]
    public async Task The_plan_says_what_is_going_to_run_where_it_is_going_to_run()
    {
        var options = Migrates with { AfterDeploy = "/health", AfterDeployRollback = true };
        var plan = await bed.PlanAsync(options);
        await bed.ReleaseAsync();
        var forced = await bed.PlanAsync(options with { Force = true });

        plan.Actions.Should().ContainInOrder(
            "run 'sh -c 'echo migrating; exit 0'' in a task of that revision; go on when it exits with 0",
            "wait up to 1 min for the rollout",
            "check /health; set the service back when it fails");
        forced.Actions.Should().NotContain(line => line.Contains("migrating", StringComparison.Ordinal));
    }

    private async Task<JsonObject> TaskAsync(ReleaseRecord record) =>
        (await bed.Ecs.DescribeTasksAsync(new() { ["tasks"] = new JsonArray(record.Gates!.Before!.Task), ["include"] = new JsonArray("TAGS") }, CancellationToken.None)).Objects("tasks").Single();

    private async Task<List<JsonObject>> TasksAsync(string startedBy)
    {
        var listed = await bed.Ecs.ListTasksAsync(new() { ["startedBy"] = startedBy, ["desiredStatus"] = "STOPPED" }, CancellationToken.None);
        return [.. (await bed.Ecs.DescribeTasksAsync(new() { ["tasks"] = listed.Texts("taskArns").ToJsonArray() }, CancellationToken.None)).Objects("tasks")];
    }
}

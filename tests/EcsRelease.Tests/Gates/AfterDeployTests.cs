using EcsRelease.Tests.Registry;
using EcsRelease.Tests.Verbs;

namespace EcsRelease.Tests.Gates;

/// <summary>EcsAfterDeploy in a release.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class AfterDeployTests
{
    // Also the limit of a check by address.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    private FaultyRegistry web = null!;
    private EngineBed bed = null!;
    private int status = 200;

    private ReleaseOptions Checked => new() { AfterDeploy = $"http://jane:s3cret@{web.Host}/health", Timeout = Limit };

    [SetUp]
    public async Task SetUp()
    {
        web = Serve(() => status);
        bed = await EngineBed.StartAsync();
    }

    [TearDown]
    public async Task TearDown()
    {
        await bed.DisposeAsync();
        await web.DisposeAsync();
    }

    [Test]
    public async Task An_address_that_answers_2xx_ends_the_release_and_is_not_asked_when_nothing_changed()
    {
        var record = await bed.ReleaseAsync(Checked);
        status = 503;
        var again = await bed.ReleaseAsync(Checked);

        (record.Outcome, again.Outcome).Should().Be((ReleaseOutcome.Succeeded, ReleaseOutcome.Unchanged), record.Message);
        record.Gates!.After.Should().Match<GateRecord>(gate => gate.Status == 200 && gate.Address == $"http://{web.Host}/health" && gate.Rollback == null);
        web.Requests.Should().Equal("GET /health +auth");
        again.Gates.Should().BeNull();
    }

    [Test]
    public async Task A_failed_check_leaves_the_release_live_and_says_how_to_go_back()
    {
        var first = await bed.ReleaseAsync();
        bed.Commit("second");
        status = 503;

        var record = await bed.ReleaseAsync(Checked);

        (record.Outcome, record.Code).Should().Be((ReleaseOutcome.CheckFailed, "ECSR5193"));
        record.Message.Should().StartWith($"EcsAfterDeploy 'http://{web.Host}/health' failed: HTTP 503: database is out of reach (")
            .And.EndWith($"Go back: aws ecs update-service --cluster default --service orders --task-definition {first.TaskDefinition} --region us-east-1")
            .And.NotContain("s3cret");
        (await LiveAsync()).Should().Be(record.TaskDefinition);
        bed.Reporter.Lines.Should().NotContain(line => line.Contains("s3cret", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_failed_check_sets_the_service_back_when_that_is_asked_for()
    {
        var first = await bed.ReleaseAsync();
        bed.Commit("second");
        status = 503;

        var record = await bed.ReleaseAsync(Checked with { AfterDeployRollback = true });

        (record.Outcome, record.Code).Should().Be((ReleaseOutcome.CheckFailed, "ECSR5194"));
        record.Message.Should().Contain("'orders' was set back to orders:1: HTTP 503: database is out of reach");
        record.Gates!.After!.Rollback.Should().Match<GateRollback>(back => back.TaskDefinition == first.TaskDefinition && back.Outcome == "succeeded" && back.ServiceDeployment != record.ServiceDeployment);
        record.Seconds.Should().ContainKey("rollback");
        (await LiveAsync()).Should().Be(first.TaskDefinition);
        (await bed.DeploymentsAsync()).Should().Be(3);
    }

    [Test]
    public async Task The_first_release_has_nothing_to_be_set_back_to()
    {
        status = 500;

        var record = await bed.ReleaseAsync(Checked with { AfterDeployRollback = true });

        (record.Outcome, record.Code).Should().Be((ReleaseOutcome.CheckFailed, "ECSR5195"));
        record.Message.Should().Contain("could not be set back: no earlier revision is known to have succeeded.");
    }

    [Test]
    public async Task A_command_checks_in_a_task_of_the_released_revision()
    {
        var passed = await bed.ReleaseAsync(new() { AfterDeploy = "sh -c 'echo smoke; exit 0'" });
        bed.Commit("second");
        var failed = await bed.ReleaseAsync(new() { AfterDeploy = "sh -c 'echo no orders; exit 2'" });

        (passed.Outcome, passed.Gates!.After!.ExitCode).Should().Be((ReleaseOutcome.Succeeded, 0), passed.Message);
        (failed.Outcome, failed.Code, failed.Gates!.After!.ExitCode).Should().Be((ReleaseOutcome.CheckFailed, "ECSR5193", 2));
        failed.Message.Should().Contain("exited with code 2, its log says: no orders.");
        failed.Evidence!.Tasks.Single().Containers.Single().Log.Should().Equal("no orders");
        bed.Reporter.Lines.Should().Contain("| smoke");
    }

    [Test]
    public async Task A_check_that_may_not_run_is_a_failed_check_of_a_live_release()
    {
        await bed.FaultAsync("RunTask", "accessDenied", times: 100);

        var record = await bed.ReleaseAsync(new() { AfterDeploy = "smoke" });

        (record.Outcome, record.Code).Should().Be((ReleaseOutcome.CheckFailed, "ECSR5193"));
        record.Message.Should().Contain("ecs:RunTask");
    }

    [Test]
    public async Task Ctrl_C_during_the_check_says_that_the_release_is_live()
    {
        status = 503;
        using var cancel = new CancellationTokenSource();
        var release = bed.Release(Checked with { Timeout = TimeSpan.FromMinutes(1) });
        var plan = await release.PlanAsync(CancellationToken.None);
        bed.Reporter.OnLine = line =>
        {
            if (line.EndsWith("trying again", StringComparison.Ordinal))
                cancel.Cancel();
        };

        var run = () => bed.RunAsync(release, plan, cancel.Token);

        await run.Should().ThrowAsync<OperationCanceledException>();
        release.WhatGoesOn.Should().Be($"The deployment of {await LiveAsync()} succeeded, it is live. EcsAfterDeploy 'http://{web.Host}/health' was not passed.");
    }

    [Test]
    public async Task A_release_that_is_not_waited_for_says_that_it_was_not_checked()
    {
        var record = await bed.ReleaseAsync(Checked with { Wait = false });

        record.Outcome.Should().Be(ReleaseOutcome.Started, record.Message);
        record.Warnings.Should().ContainSingle(warning => warning.Code == "ECSR5198").Which.Message.Should().NotContain("s3cret");
        web.Requests.Should().BeEmpty();
    }

    [Test]
    public async Task A_second_try_of_a_release_whose_check_failed_says_that_it_was_not_checked()
    {
        await bed.FaultAsync("RunTask", "accessDenied", times: 100);
        (await bed.ReleaseAsync(new() { AfterDeploy = "smoke" })).Outcome.Should().Be(ReleaseOutcome.CheckFailed);

        var again = await bed.ReleaseAsync(new() { AfterDeploy = "smoke" });

        again.Outcome.Should().Be(ReleaseOutcome.Unchanged, again.Message);
        again.Warnings.Should().ContainSingle(warning => warning.Code == "ECSR5198").Which.Message.Should().Contain("live already");
    }

    private static FaultyRegistry Serve(Func<int> status) =>
        new() { Intercept = context => FaultyRegistry.Answer(context, status(), "database is out of reach") };

    private async Task<string> LiveAsync() =>
        (string)(await bed.Ecs.DescribeServicesAsync(new() { ["services"] = new System.Text.Json.Nodes.JsonArray("orders") }, CancellationToken.None))["services"]![0]!["taskDefinition"]!;
}

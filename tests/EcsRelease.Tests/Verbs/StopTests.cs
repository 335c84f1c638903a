using EcsRelease.Tests.Deployments;
using EcsRelease.Tests.Tool;
using EcsRelease.Verbs;
using static EcsRelease.Tests.Verbs.PausedService;

namespace EcsRelease.Tests.Verbs;

public sealed class StopTests
{
    [Test]
    public async Task A_deployment_that_runs_is_stopped_with_a_rollback_and_what_is_live_again_is_told()
    {
        var target = Script([GoingOn, RollingBack, RolledBack], live: ["7", "7", "6"]);

        var record = await StopAsync(target);

        Changes(target).Should().Equal("""StopServiceDeployment {"serviceDeploymentArn":"d7","stopType":"ROLLBACK"}""");
        record.Outcome.Should().Be(ReleaseOutcome.Succeeded);
        record.Outcome.ExitCode().Should().Be(0);
        record.Code.Should().BeNull();
        record.TaskDefinition.Should().Be("orders:6");
        record.Previous!.TaskDefinition.Should().Be("orders:7");
        record.Message.Should().Be("rolled back from orders:7");
    }

    [Test]
    public async Task Who_does_not_agree_stops_nothing_and_is_not_asked_where_it_is_stopped_already()
    {
        var asked = new List<string>();
        var (running, stopped) = (Script([GoingOn], live: ["7"]), Script([RollingBack, RolledBack], live: ["7", "7", "6"]));

        var error = (await FluentActions.Awaiting(() => RunAsync(running)).Should().ThrowAsync<EcsReleaseException>()).Which;
        var record = await RunAsync(stopped);

        error.Message.Should().Be("no");
        asked.Should().ContainSingle().Which.Should().StartWith("Undo the deployment of orders:7 in 'orders' of cluster 'production' (");
        Changes(running).Should().BeEmpty();
        record.Outcome.Should().Be(ReleaseOutcome.Succeeded);

        Task<ReleaseRecord> RunAsync(ScriptedTarget target) => new Stop(new() { Cluster = "production" }, "orders", target, new ReportLog(), new JumpingTime())
        {
            Confirm = (action, _) =>
            {
                asked.Add(action);
                throw new EcsReleaseException("ECSR5225", ReleaseOutcome.Refused, "no");
            },
        }.RunAsync(CancellationToken.None);
    }

    [Test]
    public async Task A_paused_deployment_is_rolled_back_by_the_answer_to_its_hook()
    {
        var target = Script([Waiting, Waiting, RollingBack, RolledBack], live: ["7", "7", "6"]);

        (await StopAsync(target)).Outcome.Should().Be(ReleaseOutcome.Succeeded);

        Changes(target).Should().Equal("""ContinueServiceDeployment {"serviceDeploymentArn":"d7","hookId":"ecs-pause-1","action":"ROLLBACK"}""");
    }

    [Test]
    public async Task A_hook_that_was_answered_in_between_leaves_the_stop()
    {
        var target = Script([Waiting, GoingOn, GoingOn, GoingOn, RollingBack, RolledBack], """{"error":{"code":"InvalidParameterException","message":"The hook is not awaiting an action."}}""", live: ["7", "7", "6"]);

        (await StopAsync(target)).Outcome.Should().Be(ReleaseOutcome.Succeeded);

        Changes(target).Select(change => change.Split(' ')[0]).Should().Equal("ContinueServiceDeployment", "StopServiceDeployment");
    }

    [Test]
    public async Task A_rollback_that_is_on_its_way_is_only_followed()
    {
        var target = Script([RollingBack, RolledBack], live: ["7", "7", "6"]);

        (await StopAsync(target)).Outcome.Should().Be(ReleaseOutcome.Succeeded);

        Changes(target).Should().BeEmpty();
    }

    [Test]
    public async Task A_stop_whose_answer_was_lost_but_that_arrived_is_not_sent_again()
    {
        var target = Script([GoingOn, RollingBack, RolledBack], """{"error":{"code":"AnswerLost","lost":true}}""", live: ["7", "7", "6"]);

        (await StopAsync(target)).Outcome.Should().Be(ReleaseOutcome.Succeeded);

        Changes(target).Should().ContainSingle();
    }

    [Test]
    public async Task A_deployment_that_succeeded_first_is_told_as_too_late()
    {
        var record = await StopAsync(Script([GoingOn, Successful], """{"error":{"code":"ConflictException","message":"has ended"}}"""));

        record.Code.Should().Be("ECSR5134");
        record.Outcome.Should().Be(ReleaseOutcome.Failed);
        record.TaskDefinition.Should().Be("orders:7");
    }

    [Test]
    public async Task A_rollback_that_fails_has_its_outcome()
    {
        var record = await StopAsync(Script([GoingOn, """{"serviceDeploymentArn":"d7","status":"ROLLBACK_FAILED","statusReason":"No rollback candidate was found to run the rollback."}"""]));

        record.Code.Should().Be("ECSR5003");
        record.Outcome.ExitCode().Should().Be(7);
    }

    [Test]
    public async Task Where_no_deployment_is_in_progress_it_is_refused_with_the_way_back()
    {
        var target = Script([Successful], live: ["6"], listed: """{"serviceDeploymentArn":"d7","createdAt":1767225600,"targetServiceRevisionArn":"r7","status":"SUCCESSFUL"}""");

        var error = (await FluentActions.Awaiting(() => StopAsync(target)).Should().ThrowAsync<EcsReleaseException>()).Which;

        error.Code.Should().Be("ECSR5131");
        error.Message.Should().Contain("ecs-release rollback --cluster production --service orders");
        Changes(target).Should().BeEmpty();
    }

    [Test]
    public async Task Without_permission_to_list_deployments_the_missing_action_is_named()
    {
        var target = new ScriptedTarget("""
            {"DescribeServices":[{"services":[{"serviceName":"orders","status":"ACTIVE","deployments":[{"id":"ecs-svc/7","status":"PRIMARY","taskDefinition":"orders:7","createdAt":10,"rolloutState":"IN_PROGRESS"}]}]}],
             "ListServiceDeployments":[{"error":{"code":"AccessDeniedException","message":"not authorized to perform: ecs:ListServiceDeployments"}}]}
            """);

        var error = (await FluentActions.Awaiting(() => StopAsync(target)).Should().ThrowAsync<EcsReleaseException>()).Which;

        error.Code.Should().Be("ECSR4003");
        error.Message.Should().Contain("ecs:ListServiceDeployments");
    }

    private static IEnumerable<string> Changes(ScriptedTarget target) =>
        target.Calls.Where(call => call.Operation is "ContinueServiceDeployment" or "StopServiceDeployment").Select(call => $"{call.Operation} {call.Request.ToJsonString()}");

    private static Task<ReleaseRecord> StopAsync(ScriptedTarget target) =>
        new Stop(new() { Cluster = "production" }, "orders", target, new ReportLog(), new JumpingTime()).RunAsync(CancellationToken.None);
}

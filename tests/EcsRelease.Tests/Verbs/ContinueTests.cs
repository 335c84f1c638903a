using EcsRelease.Tests.Deployments;
using EcsRelease.Tests.Tool;
using EcsRelease.Verbs;
using static EcsRelease.Tests.Verbs.PausedService;

namespace EcsRelease.Tests.Verbs;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ContinueTests
{
    private readonly ReportLog report = new();

    [Test]
    public async Task The_hook_that_waits_is_answered_and_the_deployment_followed_to_its_end()
    {
        var target = Script([Waiting, Waiting, GoingOn, Successful]);

        var record = await ContinueAsync(target);

        Answers(target).Should().Equal("""{"serviceDeploymentArn":"d7","hookId":"ecs-pause-1","action":"CONTINUE"}""");
        record.Outcome.Should().Be(ReleaseOutcome.Succeeded);
        record.TaskDefinition.Should().Be("orders:7");
        report.Warnings.Should().BeEmpty("a read that is older than the answer is no new pause");
    }

    [Test]
    public async Task Without_wait_it_ends_at_once()
    {
        var target = Script([Waiting]);

        var record = await ContinueAsync(target, new() { Cluster = "production", Wait = false });

        record.Outcome.Should().Be(ReleaseOutcome.Started);
        record.Message.Should().Be("Follow it: ecs-release wait --cluster production --service orders");
        Answers(target).Should().ContainSingle();
    }

    [Test]
    public async Task The_next_pause_ends_it_when_asked_so()
    {
        var next = Waiting.Replace("ecs-pause-1", "ecs-pause-2", StringComparison.Ordinal);

        var record = await ContinueAsync(Script([Waiting, GoingOn, next]), new() { Cluster = "production", OnPause = PausePolicy.Exit });

        record.Code.Should().Be("ECSR5008");
        record.Evidence!.Pause!.HookId.Should().Be("ecs-pause-2");
    }

    [Test]
    public async Task An_answer_that_was_lost_but_arrived_is_not_given_again()
    {
        var target = Script([Waiting, Waiting, GoingOn, Successful], """{"error":{"code":"AnswerLost","lost":true}}""");

        (await ContinueAsync(target)).Outcome.Should().Be(ReleaseOutcome.Succeeded);

        Answers(target).Should().ContainSingle();
    }

    [Test]
    public async Task An_answer_that_never_arrived_is_given_again_after_some_looks()
    {
        var target = Script([Waiting, Waiting, Waiting, Waiting, GoingOn, Successful], """{"error":{"code":"AnswerLost","lost":true}}""");

        (await ContinueAsync(target)).Outcome.Should().Be(ReleaseOutcome.Succeeded);

        Answers(target).Should().HaveCount(2);
    }

    [Test]
    public async Task A_hook_that_somebody_else_just_answered_is_no_failure() =>
        (await ContinueAsync(Script([Waiting, GoingOn, Successful], """{"error":{"code":"InvalidParameterException","message":"The hook is not awaiting an action."}}""")))
            .Outcome.Should().Be(ReleaseOutcome.Succeeded);

    [Test]
    public async Task A_refusal_of_what_still_waits_is_told()
    {
        var target = Script([Waiting], """{"error":{"code":"ClientException","message":"no"}}""");

        var error = (await FluentActions.Awaiting(() => ContinueAsync(target)).Should().ThrowAsync<EcsReleaseException>()).Which;

        error.Code.Should().Be("ECSR4009");
        error.Message.Should().Contain("ClientException: no");
        Answers(target).Should().ContainSingle();
    }

    [Test]
    public async Task Where_nothing_waits_it_is_refused_with_what_goes_on()
    {
        var target = Script([GoingOn]);

        var error = (await FluentActions.Awaiting(() => ContinueAsync(target)).Should().ThrowAsync<EcsReleaseException>()).Which;

        error.Code.Should().Be("ECSR5130");
        error.Message.Should().Contain("IN_PROGRESS PRODUCTION_TRAFFIC_SHIFT").And.Contain("ecs-release wait --cluster production --service orders");
        Answers(target).Should().BeEmpty();
    }

    [TestCase(null, "Several lifecycle hooks")]
    [TestCase("ecs-pause-9", "Not hook 'ecs-pause-9'")]
    public async Task Of_several_hooks_one_has_to_be_named(string? hook, string said)
    {
        var both = """{"serviceDeploymentArn":"d7","status":"IN_PROGRESS","lifecycleHookDetails":[{"hookId":"ecs-pause-1","status":"AWAITING_ACTION"},{"hookId":"ecs-pause-2","status":"AWAITING_ACTION"}]}""";
        var target = Script([both]);

        var error = (await FluentActions.Awaiting(() => ContinueAsync(target, hook: hook)).Should().ThrowAsync<EcsReleaseException>()).Which;

        error.Code.Should().Be("ECSR5132");
        error.Message.Should().Contain(said).And.Contain("ecs-pause-1").And.EndWith("ecs-release continue --cluster production --service orders --hook ID");
        Answers(target).Should().BeEmpty();
    }

    [TestCase("CODE_DEPLOY", "aws deploy list-deployments")]
    [TestCase("EXTERNAL", "task sets")]
    public async Task The_deployments_of_another_controller_are_refused_with_where_to_look(string controller, string said)
    {
        var target = new ScriptedTarget($$"""{"DescribeServices":[{"services":[{"serviceName":"orders","status":"ACTIVE","deploymentController":{"type":"{{controller}}"},"deployments":[],"taskSets":[]}]}]}""");

        var error = (await FluentActions.Awaiting(() => ContinueAsync(target)).Should().ThrowAsync<EcsReleaseException>()).Which;

        error.Code.Should().Be("ECSR5133");
        error.Message.Should().Contain(controller).And.Contain(said);
        await FluentActions.Awaiting(() => new Wait(new ReleaseOptions(), "orders", target, report, new JumpingTime()).RunAsync(CancellationToken.None))
            .Should().ThrowAsync<EcsReleaseException>().Where(same => same.Code == "ECSR5133");
    }

    private static IEnumerable<string> Answers(ScriptedTarget target) =>
        target.Calls.Where(call => call.Operation == "ContinueServiceDeployment").Select(call => call.Request.ToJsonString());

    private Task<ReleaseRecord> ContinueAsync(ScriptedTarget target, ReleaseOptions? options = null, string? hook = null) =>
        new Continue(options ?? new() { Cluster = "production" }, "orders", hook, target, report, new JumpingTime()).RunAsync(CancellationToken.None);
}

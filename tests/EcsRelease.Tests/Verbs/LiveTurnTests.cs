using EcsRelease.Deployments;
using EcsRelease.Tests.Deployments;
using EcsRelease.Tests.Tool;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LiveTurnTests
{
    private readonly RecordingReporter reporter = new();

    [Test]
    public async Task Another_deployment_is_waited_for_and_then_the_plan_is_that_of_what_is_live()
    {
        var turned = await TurnAsync(Script(Service("orders:6", "IN_PROGRESS"), Service("orders:6", "IN_PROGRESS"), Service("orders:5", "COMPLETED")));

        turned.LiveService!.TaskDefinition.Should().Be("orders:5");
        turned.Definition.LiveRevision.Should().BeSameAs(turned.LiveRevision).And.NotBeNull();
        reporter.Lines.Should().Contain("Turn: Waiting for the deployment of orders:6 to end");
    }

    [Test]
    public async Task Nothing_is_said_when_there_is_nothing_to_wait_for()
    {
        await TurnAsync(Script(Service("orders:5", "COMPLETED")), ReleaseLogTests.Plan(Service("orders:5", "COMPLETED")));

        reporter.Lines.Should().BeEmpty();
    }

    [Test]
    public async Task A_failing_one_without_circuit_breaker_is_warned_of_at_once_and_the_error_offers_to_replace_it()
    {
        var turn = () => TurnAsync(Script(Service("orders:6", "IN_PROGRESS", failed: 4)));

        var error = (await turn.Should().ThrowAsync<EcsReleaseException>()).Which;

        error.Code.Should().Be("ECSR5101");
        error.Message.Should().Contain("still in progress after 20 min and failing (4 tasks failed)").And.Contain("Replace it (EcsOnConflict=supersede), or wait longer");
        reporter.Lines.Where(line => line.StartsWith("ECSR5120", StringComparison.Ordinal)).Should().ContainSingle()
            .Which.Should().Contain("EcsOnConflict=supersede");
    }

    [Test]
    public async Task With_fail_another_deployment_is_refused_at_once_and_one_of_this_commit_is_not()
    {
        var fail = new ReleaseOptions { Cluster = "production", OnConflict = ConflictPolicy.Fail };
        var turn = () => TurnAsync(Script(Service("orders:6", "IN_PROGRESS")), options: fail);

        (await turn.Should().ThrowAsync<EcsReleaseException>()).Which.Message.Should().Contain("Wait for it (EcsOnConflict=wait), or replace it");
        (await TurnAsync(Script(ReleaseLogTests.Sha, Service("orders:6", "IN_PROGRESS")), options: fail)).LiveCommit.Should().Be(ReleaseLogTests.Sha);
    }

    [Test]
    public async Task A_revision_is_registered_without_waiting_but_from_what_is_live_now()
    {
        var turned = await TurnAsync(Script(Service("orders:6", "IN_PROGRESS")), options: new() { Cluster = "production", StopAfter = StopAfterStep.Register });

        turned.LiveService!.TaskDefinition.Should().Be("orders:6");
    }

    private async Task<ReleasePlan> TurnAsync(string script, ReleasePlan? plan = null, ReleaseOptions? options = null)
    {
        options ??= new() { Cluster = "production" };
        plan ??= ReleaseLogTests.Plan(Service("orders:4", "COMPLETED"));
        var time = new JumpingTime();
        plan = plan with { Access = await new ScriptedTarget(script).ConnectAsync(CancellationToken.None) };
        return await new LiveTurn(options, new ReleaseLog(options, plan, reporter, time), time).AwaitAsync(plan, ours: null, CancellationToken.None);
    }

    private static string Service(string taskDefinition, string state, int failed = 0) => $$"""
        {"serviceName":"orders","status":"ACTIVE","desiredCount":1,"runningCount":1,
         "deployments":[{"id":"ecs-svc/1","status":"PRIMARY","taskDefinition":"{{taskDefinition}}","rolloutState":"{{state}}","failedTasks":{{failed}}}]}
        """;

    private static string Script(params string[] services) =>
        services[0].Length == 40 ? Script(services[0], services[1..]) : Script("abcdefabcdefabcdefabcdefabcdefabcdefabcd", services);

    private static string Script(string commit, string[] services) => $$"""
        {"DescribeServices":[{{string.Join(',', services.Select(each => $$"""{"services":[{{each}}]}"""))}}],
         "DescribeTaskDefinition":[{"taskDefinition":{"containerDefinitions":[]},"tags":[{"key":"ecs-release:commit","value":"{{commit}}"}]}]}
        """;
}

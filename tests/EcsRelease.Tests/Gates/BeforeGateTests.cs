using System.Text.Json.Nodes;
using EcsRelease.Images.Ecr;
using EcsRelease.TaskDefinitions;
using EcsRelease.Tests.Aws;
using EcsRelease.Tests.Deployments;
using EcsRelease.Tests.Tool;
using EcsRelease.Tests.Verbs;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Gates;

/// <summary>When EcsBeforeDeploy runs, and what is made of its end.</summary>
public sealed class BeforeGateTests
{
    private const string Live = """{"status":"ACTIVE","launchType":"FARGATE","currentServiceRevisions":[{"arn":"r7"}],"deployments":[{"id":"ecs-svc/7","status":"PRIMARY","taskDefinition":"orders:7","rolloutState":"COMPLETED"}]}""";
    private const string Before = """{"status":"ACTIVE","launchType":"FARGATE","deployments":[{"id":"ecs-svc/6","status":"PRIMARY","taskDefinition":"orders:6","rolloutState":"COMPLETED"}]}""";
    private const string Unplaced = """ "ListTasks":[{"taskArns":[]}],"RunTask":[{"tasks":[],"failures":[{"reason":"RESOURCE:FARGATE"}]}] """;

    [Test]
    public async Task A_task_that_is_not_placed_is_a_failed_hook()
    {
        var (error, record) = await FailAsync(Before, $"{{{Unplaced}}}");

        (error.Code, error.Outcome, error.Outcome.ExitCode()).Should().Be(("ECSR5191", ReleaseOutcome.HookFailed, 12));
        error.Message.Should().Be("EcsBeforeDeploy 'migrate' did not start, so 'orders' was not updated: ECS started no task: RESOURCE:FARGATE.");
        record.Gates!.Before.Should().Match<GateRecord>(gate => gate.Task == null && gate.ExitCode == null);
    }

    [Test]
    public async Task A_live_revision_whose_tag_names_another_image_by_now_has_not_passed()
    {
        var (error, _) = await FailAsync(Live, $$"""
            {"DescribeServiceRevisions":[{"serviceRevisions":[{"taskDefinition":"orders:7","containerImages":[{"containerName":"web","imageDigest":"sha256:old"}]}]}],{{Unplaced}}}
            """);

        error.Code.Should().Be("ECSR5191");
    }

    [Test]
    public async Task A_live_revision_has_passed()
    {
        var service = new ScriptedService(Json("""{"DescribeServiceRevisions":[{"serviceRevisions":[{"taskDefinition":"orders:7","containerImages":[{"containerName":"web","imageDigest":"sha256:aa"}]}]}]}"""));

        await PassAsync(Live, service);

        service.Calls.Select(call => call.Operation).Should().Equal("DescribeServiceRevisions");
    }

    [Test]
    public async Task A_run_that_has_to_look_again_does_not_run_the_command_twice()
    {
        var service = new ScriptedService(Json("""{"ListTasks":[{"taskArns":[]}],"RunTask":[{"tasks":[{"taskArn":"t1"}]}],"DescribeTasks":[{"tasks":[{"taskArn":"t1","lastStatus":"STOPPED","containers":[{"name":"web","exitCode":0}]}]}]}"""));

        await PassAsync(Before, service, times: 2);

        service.Calls.Count(call => call.Operation == "RunTask").Should().Be(1);
    }

    private static async Task<(EcsReleaseException Error, ReleaseRecord Record)> FailAsync(string live, string script)
    {
        ReleaseLog? log = null;
        var pass = () => PassAsync(live, new ScriptedService(Json(script)), onLog: each => log = each);
        var error = (await pass.Should().ThrowAsync<EcsReleaseException>()).Which;
        return (error, log!.Ended(error));
    }

    private static async Task PassAsync(string live, ScriptedService service, int times = 1, Action<ReleaseLog>? onLog = null)
    {
        var options = new ReleaseOptions { Cluster = "production", BeforeDeploy = "migrate" };
        var time = new JumpingTime();
        var plan = ReleaseLogTests.Plan(live) with { Access = ScriptedAccess.Over(service) };
        var log = new ReleaseLog(options, plan, new RecordingReporter(), time);
        onLog?.Invoke(log);
        var gate = new BeforeGate(options, new ScriptedTarget("{}").Defaults, log, time);
        var desired = new DesiredRevision { Definition = Json("""{"containerDefinitions":[{"name":"web"}]}"""), Family = "orders", Container = "web", From = "properties", Hash = "" };
        for (var i = 0; i < times; i++)
            await gate.PassAsync(new(plan, desired, new RegisteredRevision("orders:7", 7, Reused: false), new PushedImage("host/orders:7", "sha256:aa", [], new("none", null, 0, 0, 0))), CancellationToken.None);
    }

    private static JsonObject Json(string text) => (JsonObject)JsonNode.Parse(text)!;
}

using EcsRelease.Tool.Commands;
using EcsRelease.Tool.Rendering;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Tool;

public sealed class StatusTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 3, 0, 0, TimeSpan.Zero);

    private const string Live = """
        {"DescribeServices":[{"services":[{"serviceName":"orders","status":"ACTIVE","taskDefinition":"arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7","desiredCount":3,"runningCount":2,"pendingCount":1,
            "tags":[{"key":"aws:cloudformation:stack-name","value":"shop"}],
            "deployments":[
              {"id":"ecs-svc/6","status":"ACTIVE","taskDefinition":"arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:6","rolloutState":"COMPLETED","runningCount":1,"desiredCount":3,"updatedAt":1767225600},
              {"id":"ecs-svc/7","status":"PRIMARY","taskDefinition":"arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7","rolloutState":"IN_PROGRESS","rolloutStateReason":"ECS deployment ecs-svc/7 in progress.","runningCount":2,"desiredCount":3,"failedTasks":1,"createdAt":1767225600,"updatedAt":1767225660}],
            "currentServiceRevisions":[{"arn":"r6"},{"arn":"r7"}]}]}],
         "DescribeServiceRevisions":[{"serviceRevisions":[
            {"serviceRevisionArn":"r6","taskDefinition":"arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:6","containerImages":[{"containerName":"app","imageDigest":"sha256:66"}]},
            {"serviceRevisionArn":"r7","taskDefinition":"arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7","containerImages":[{"containerName":"app","imageDigest":"sha256:bb"}]}]}],
         "DescribeTaskDefinition":[{"taskDefinition":{"family":"orders","revision":7,"containerDefinitions":[{"name":"app","image":"host/orders:3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b"}]},
            "tags":[{"key":"ecs-release:branch","value":"main"},{"key":"ecs-release:digest","value":"sha256:aa"}]},
           {"taskDefinition":{"family":"orders","revision":6,"containerDefinitions":[{"name":"app","image":"host/orders:1111111111111111111111111111111111111111"}]},"tags":[]}]}
        """;

    [Test]
    public async Task The_document_is_a_promise()
    {
        var json = new Shown(await ReadAsync(Live) with { Version = "1.0.0" }, Now).ToJson();

        json.Should().Be("""
            {
              "schema": 1,
              "version": "1.0.0",
              "target": "aws",
              "account": "123456789012",
              "region": "eu-west-1",
              "cluster": "production",
              "service": "orders",
              "state": "ACTIVE",
              "controller": "ECS",
              "commit": "3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b",
              "branch": "main",
              "subject": null,
              "author": null,
              "releasedAt": "2026-01-01T00:00:00+00:00",
              "taskDefinition": "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7",
              "isReleased": true,
              "image": "host/orders:3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b",
              "digest": "sha256:aa",
              "runningDigest": "sha256:bb",
              "running": 2,
              "pending": 1,
              "desired": 3,
              "deployments": [
                {
                  "id": "ecs-svc/7",
                  "status": "PRIMARY",
                  "state": "IN_PROGRESS",
                  "reason": "ECS deployment ecs-svc/7 in progress.",
                  "taskDefinition": "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7",
                  "running": 2,
                  "desired": 3,
                  "failed": 1,
                  "updatedAt": "2026-01-01T00:01:00+00:00"
                },
                {
                  "id": "ecs-svc/6",
                  "status": "ACTIVE",
                  "state": "COMPLETED",
                  "reason": null,
                  "taskDefinition": "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:6",
                  "running": 1,
                  "desired": 3,
                  "failed": 0,
                  "updatedAt": "2026-01-01T00:00:00+00:00"
                }
              ],
              "owner": "CloudFormation stack 'shop'",
              "endpoints": [
                "http://orders.example"
              ],
              "head": null,
              "code": null,
              "message": null
            }
            """.ReplaceLineEndings("\n"));
    }

    [Test]
    public async Task People_read_what_is_live_in_a_few_lines()
    {
        using var writer = new StringWriter();
        var console = Consoles.Create(writer);

        new Shown(await ReadAsync(Live), Now).Print(console, console);

        writer.ToString().ReplaceLineEndings("\n").Should().Be("""
            Service 'orders' in cluster 'production' (123456789012/eu-west-1): ACTIVE, 2 of 3 tasks run, 1 pending
              commit     3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b (main)
              released   3 h ago (2026-01-01 00:00 UTC)
              revision   arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7
              image      host/orders:3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b
              digest     sha256:aa
              runs       sha256:bb, not the digest of the revision
              owner      CloudFormation stack 'shop'
              deployment ecs-svc/7 PRIMARY IN_PROGRESS: orders:7, 2 of 3 run, 1 failed; ECS deployment ecs-svc/7 in progress.
              deployment ecs-svc/6 ACTIVE COMPLETED: orders:6, 1 of 3 run
              address    http://orders.example

            """.ReplaceLineEndings("\n"));
    }

    // Answers of the API pages of Service and TaskSet: no deployments, and with EXTERNAL no task definition of its own.
    [TestCase("CODE_DEPLOY", "STEADY_STATE")]
    [TestCase("EXTERNAL", "STABILIZING")]
    public async Task A_service_of_another_controller_shows_its_task_sets(string controller, string stability)
    {
        var status = await ReadAsync($$"""
            {"DescribeServices":[{"services":[{"serviceName":"orders","status":"ACTIVE","desiredCount":2,"runningCount":2,"pendingCount":0,
                "deploymentController":{"type":"{{controller}}"},"deployments":[],
                "taskSets":[
                  {"id":"ecs-svc/1","status":"ACTIVE","taskDefinition":"arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:6","computedDesiredCount":1,"runningCount":1,"stabilityStatus":"STEADY_STATE"},
                  {"id":"ecs-svc/2","status":"PRIMARY","taskDefinition":"arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7","computedDesiredCount":2,"runningCount":1,"stabilityStatus":"{{stability}}","updatedAt":1767225600}]}]}],
             "DescribeTaskDefinition":[{"taskDefinition":{"containerDefinitions":[{"name":"app","image":"host/orders:3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b"}]},"tags":[]}]}
            """);

        status.Commit.Should().Be("3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b");
        status.TaskDefinition.Should().EndWith("orders:7");
        status.Deployments.Select(each => (each.Id, each.Status, each.State, each.Running, each.Desired)).Should().Equal(
            ("ecs-svc/2", "PRIMARY", stability, 1, 2), ("ecs-svc/1", "ACTIVE", "STEADY_STATE", 1, 1));
        using var writer = new StringWriter();
        new Shown(status, Now).Print(Consoles.Create(writer), Consoles.Create(writer));
        writer.ToString().Should().Contain($"controller {controller}");
    }

    [Test]
    public async Task Only_reads_are_made()
    {
        var target = new ScriptedTarget(Live);

        await new Status(new ReleaseOptions { Cluster = "production" }, "orders", target).ReadAsync(CancellationToken.None);

        target.Operations.Should().OnlyContain(operation => operation.StartsWith("Describe", StringComparison.Ordinal));
    }

    [TestCase(Live)]
    [TestCase("""{"DescribeServices":[{"error":{"code":"AccessDeniedException","message":"denied"}}]}""")]
    public async Task The_connections_to_AWS_are_closed_whatever_the_end(string script)
    {
        var target = new ScriptedTarget(script);

        try
        {
            await new Status(new ReleaseOptions { Cluster = "production" }, "orders", target).ReadAsync(CancellationToken.None);
        }
        catch (EcsReleaseException e)
        {
            e.Code.Should().Be("ECSR4003");
        }

        target.OpenAccesses.Should().Be(0);
    }

    [TestCase("""{"DescribeServices":[{"services":[]}],"DescribeClusters":[{"clusters":[{"status":"ACTIVE"}]}]}""", "ECSR4010")]
    [TestCase("""{"DescribeServices":[{"error":{"code":"ClusterNotFoundException","message":"Cluster not found."}}]}""", "ECSR4006")]
    [TestCase("""{"DescribeServices":[{"error":{"code":"AccessDeniedException","message":"denied"}}]}""", "ECSR4003")]
    public async Task What_cannot_be_read_has_a_code(string script, string code) =>
        (await FluentActions.Awaiting(() => ReadAsync(script)).Should().ThrowAsync<EcsReleaseException>()).Which.Code.Should().Be(code);

    private static Task<ServiceStatus> ReadAsync(string script) =>
        new Status(new ReleaseOptions { Cluster = "production" }, "orders", new ScriptedTarget(script)).ReadAsync(CancellationToken.None);
}

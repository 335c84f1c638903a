using EcsRelease.Tests.Verbs;

namespace EcsRelease.Tests.Aws.Botocore;

/// <summary>Whole releases on the local AWS; what they sent, AWS could take.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class RecordedReleaseTests
{
    private EngineBed bed = null!;
    private RecordingTarget target = null!;

    [SetUp]
    public async Task SetUp()
    {
        bed = await EngineBed.StartAsync();
        bed.Through = inner => target = new RecordingTarget(inner, bed.Client);
    }

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task Every_request_of_a_release_is_one_that_AWS_takes()
    {
        await ReleaseAsync(new() { MovingTags = ["latest"], EnvironmentVariables = [new("LOG_LEVEL", "info")], Ports = [new("8080", "tcp")] },
            ReleaseOutcome.Succeeded, "CreateRepository", "RegisterTaskDefinition", "CreateService", "GetAuthorizationToken", "DescribeServiceDeployments");
        await ReleaseAsync(new() { MovingTags = ["latest"], EnvironmentVariables = [new("LOG_LEVEL", "info")], Ports = [new("8080", "tcp")] },
            ReleaseOutcome.Unchanged, "BatchGetImage", "DescribeServiceRevisions");
        bed.Commit("second");
        await ReleaseAsync(new(), ReleaseOutcome.Succeeded, "UpdateService", "ListServiceDeployments");
        await ReleaseAsync(new() { Force = true }, ReleaseOutcome.Succeeded, "UpdateService");
        bed.Commit("third");
        await ReleaseAsync(new() { DryRun = true }, ReleaseOutcome.Planned);
        foreach (var step in new[] { StopAfterStep.Push, StopAfterStep.Register, StopAfterStep.Update })
            await ReleaseAsync(new() { StopAfter = step }, ReleaseOutcome.HandedOn);
    }

    [Test]
    public async Task Every_request_of_a_failed_release_is_one_that_AWS_takes()
    {
        await ReleaseAsync(new(), ReleaseOutcome.Succeeded);
        var live = (await bed.RevisionAsync((await bed.RevisionsAsync())[0]))["taskDefinition"]!;
        bed.Repository.Write("ecs-task-definition.json", $$"""
            {"family":"orders","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512","executionRoleArn":"{{live["executionRoleArn"]}}",
             "containerDefinitions":[{"name":"orders","logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/orders","awslogs-region":"us-east-1","awslogs-stream-prefix":"orders"} },
               "secrets":[{"name":"KEY","valueFrom":"arn:aws:secretsmanager:us-east-1:000000000000:secret:nowhere"}]}]}
            """);
        bed.Commit("a secret that nobody made");

        await ReleaseAsync(new(), ReleaseOutcome.RolledBack, "UpdateService", "ListTasks", "DescribeTasks");
    }

    [Test]
    public async Task An_update_names_the_service_and_the_revision_and_leaves_Service_Connect_and_all_else_alone()
    {
        await ReleaseAsync(new(), ReleaseOutcome.Succeeded);
        bed.Commit("second");

        await ReleaseAsync(new(), ReleaseOutcome.Succeeded);

        target.Of("UpdateService").Should().ContainSingle().Which.Select(member => member.Key).Should().Equal("cluster", "service", "taskDefinition");
    }

    private async Task ReleaseAsync(ReleaseOptions options, ReleaseOutcome outcome, params string[] operations)
    {
        var record = await bed.ReleaseAsync(options);

        record.Outcome.Should().Be(outcome, record.Message);
        operations.Should().BeSubsetOf(target.Requests.Select(each => each.Operation));
        foreach (var (operation, request) in target.Requests)
            BotocoreModels.Check(operation, request);
    }
}

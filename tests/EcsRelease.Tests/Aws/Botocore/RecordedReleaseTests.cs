using EcsRelease.Tests.Verbs;

namespace EcsRelease.Tests.Aws.Botocore;

/// <summary>Whole releases on the local AWS: what they send, AWS could take.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class RecordedReleaseTests
{
    private EngineBed bed = null!;

    [SetUp]
    public async Task SetUp() => bed = await EngineBed.StartAsync();

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task Every_request_of_a_release_is_one_that_AWS_takes()
    {
        await ReleaseAsync(new() { MovingTags = ["latest"], EnvironmentVariables = [new("LOG_LEVEL", "info")], Ports = [new("8080", "tcp")] },
            ReleaseOutcome.Succeeded, "ecr:CreateRepository", "ecs:RegisterTaskDefinition", "ecs:CreateService", "ecr:GetAuthorizationToken", "ecs:DescribeServiceDeployments");
        await ReleaseAsync(new() { MovingTags = ["latest"], EnvironmentVariables = [new("LOG_LEVEL", "info")], Ports = [new("8080", "tcp")] },
            ReleaseOutcome.Unchanged, "ecr:BatchGetImage", "ecs:DescribeServiceRevisions");
        bed.Commit("second");
        await ReleaseAsync(new(), ReleaseOutcome.Succeeded, "ecs:UpdateService", "ecs:ListServiceDeployments");
        await ReleaseAsync(new() { Force = true }, ReleaseOutcome.Succeeded, "ecs:UpdateService");
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

        await ReleaseAsync(new(), ReleaseOutcome.RolledBack, "ecs:UpdateService", "ecs:ListTasks", "ecs:DescribeTasks");
    }

    [Test]
    public async Task An_update_names_the_service_and_the_revision_and_leaves_Service_Connect_and_all_else_alone()
    {
        await ReleaseAsync(new(), ReleaseOutcome.Succeeded);
        bed.Commit("second");

        await ReleaseAsync(new(), ReleaseOutcome.Succeeded);

        bed.Calls.Where(call => call.Operation == "ecs:UpdateService").Should().ContainSingle().Which.Request.Select(member => member.Key).Should().Equal("cluster", "service", "taskDefinition");
    }

    private async Task ReleaseAsync(ReleaseOptions options, ReleaseOutcome outcome, params string[] operations)
    {
        bed.Calls.Clear();

        var record = await bed.ReleaseAsync(options);

        record.Outcome.Should().Be(outcome, record.Message);
        operations.Should().BeSubsetOf(bed.Calls.Select(call => call.Operation));
        foreach (var (operation, request) in bed.Calls)
            BotocoreModels.Check(operation.Split(':')[1], request);
    }
}

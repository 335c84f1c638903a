using System.Text.Json.Nodes;

namespace EcsRelease.Tests.Verbs;

/// <summary>Whole releases that cannot work: the first line of each report names the cause.</summary>
[TestFixture]
public sealed class BadReleaseTests
{
    private EngineBed bed = null!;
    private string repository = null!;

    [OneTimeSetUp]
    public async Task SetUp()
    {
        // A task that fails does so long before it counts as healthy, also on a busy machine.
        bed = await EngineBed.StartAsync(("HEALTHY_AFTER", "2s"), ("START_BACK_OFF", "20ms"), ("HEALTH_CHECK_LIMIT", "100ms"));
        var good = await ReleaseAsync("good", _ => { });
        good.Outcome.Should().Be(ReleaseOutcome.Succeeded, good.Message);
        repository = good.Image!.Split('@')[0];
        repository = repository[..repository.LastIndexOf(':')];
    }

    [OneTimeTearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task A_missing_image()
    {
        var record = await ReleaseAsync("missing-image", definition => Containers(definition).Add(new JsonObject { ["name"] = "proxy", ["image"] = $"{repository}:nobody" }));

        ShouldBeRolledBack(record, $"the image {repository}:nobody is not in the repository (CannotPullContainerError: ");
        record.Evidence!.Next.Should().Contain("--image-ids imageTag=nobody");
    }

    [Test]
    public async Task A_missing_secret()
    {
        const string secret = "arn:aws:secretsmanager:us-east-1:000000000000:secret:orders-db";
        var record = await ReleaseAsync("missing-secret", definition =>
            Containers(definition)[0]!["secrets"] = new JsonArray(new JsonObject { ["name"] = "DB", ["valueFrom"] = secret }));

        ShouldBeRolledBack(record, $"the secret {secret} does not exist (ResourceInitializationError: ");
        record.Evidence!.Next.Should().Contain($"aws secretsmanager describe-secret --secret-id {secret} --region us-east-1");
    }

    [Test]
    public async Task A_program_that_ends_well()
    {
        var record = await ReleaseAsync("exit-0", definition => Run(definition, "echo migrated; exit 0"));

        ShouldBeRolledBack(record, "container 'orders' exited with code 0 (3 tasks): it ended by itself, and a service must keep running.");
        record.Evidence!.Means.Should().Contain("must keep running");
    }

    [Test]
    public async Task A_crash()
    {
        var record = await ReleaseAsync("crash", definition => Run(definition, "echo Unhandled exception. no database; exit 134"));

        ShouldBeRolledBack(record, "container 'orders' exited with code 134 (3 tasks), its log says: Unhandled exception. no database.");
    }

    [Test]
    public async Task Too_little_memory()
    {
        var record = await ReleaseAsync("oom", definition => Run(definition, "oom"));

        ShouldBeRolledBack(record, "container 'orders' ran out of memory (OutOfMemoryError: Container killed due to memory usage; exit code 137; 3 tasks).");
        record.Evidence!.Means.Should().Contain("512 MiB");
    }

    [Test]
    public async Task A_failing_health_check()
    {
        var record = await ReleaseAsync("health", definition => Containers(definition)[0]!["healthCheck"] =
            new JsonObject { ["command"] = new JsonArray("CMD-SHELL", "exit 1"), ["interval"] = 5, ["retries"] = 2 });

        ShouldBeRolledBack(record, "container 'orders' fails its own health check (Task failed container health checks; 3 tasks).");
        record.Evidence!.Means.Should().Contain("CMD-SHELL exit 1");
    }

    [Test]
    public async Task No_place_for_a_task()
    {
        await bed.FaultAsync("placement", "noCapacity", times: 3);
        var record = await ReleaseAsync("unplaceable", _ => { });

        ShouldBeRolledBack(record, "Fargate has no capacity in the service's zones (was unable to place a task. Reason: Capacity is unavailable at this time.");
        record.Evidence!.Next.Should().Be("Give the service subnets in more zones, or release again later.");
    }

    private static void ShouldBeRolledBack(ReleaseRecord record, string cause)
    {
        record.Outcome.Should().Be(ReleaseOutcome.RolledBack, record.Message);
        TestContext.Out.WriteLine(record.Message);
        record.Message!.Split('\n')[0].Should().StartWith("'orders' was rolled back to orders:1 (commit ").And.Contain($"): {cause}");
        record.Evidence!.Breaker.Should().Be(new BreakerEvidence("TRIGGERED", 3, 3));
    }

    private Task<ReleaseRecord> ReleaseAsync(string name, Action<JsonObject> change)
    {
        var definition = JsonNode.Parse("""
            {
              "family": "orders", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512",
              "executionRoleArn": "arn:aws:iam::000000000000:role/exec",
              "containerDefinitions": [{
                "name": "orders", "image": "orders",
                "logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-group": "/ecs/orders", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "ecs" } }
              }]
            }
            """)!.AsObject();
        change(definition);
        bed.Repository.Write("ecs-task-definition.json", definition.ToJsonString());
        bed.Commit(name);
        return bed.ReleaseAsync(new() { Container = "orders" });
    }

    private static JsonArray Containers(JsonObject definition) => definition["containerDefinitions"]!.AsArray();

    private static void Run(JsonObject definition, string command) => Containers(definition)[0]!["command"] = new JsonArray("sh", "-c", command);
}

using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Images;
using EcsRelease.LocalAws.Tests.Support;

namespace EcsRelease.LocalAws.Tests.Tasks;

/// <summary>Releases that cannot work, with a real app in real processes: what the deployment, the events and the stopped tasks say of it.</summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
public sealed class BadReleaseTests
{
    private static readonly string s_other = CpuArchitecture.Host == "amd64" ? "arm64" : "amd64";

    private LocalAwsFixture _aws = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _aws = await LocalAwsFixture.StartAsync(runtime: "process", settings: usual => usual with
        {
            // Nothing here ever counts as healthy, however slow the machine is.
            HealthyAfter = TimeSpan.FromMinutes(5),
            StartBackOff = TimeSpan.FromMilliseconds(20),
            HealthCheckLimit = TimeSpan.FromMilliseconds(200),
        });
        await TestImage.PushAppAsync(_aws);
        await TestImage.PushAppAsync(_aws, "foreign", s_other);
        var registry = await RegistryClient.LogInAsync(_aws);
        var child = await registry.PushImageBlobsAsync("app", "other", s_other);
        (await registry.PutManifestAsync("app", RegistryClient.Digest(child), child)).Dispose();
        (await registry.PutManifestAsync("app", "index", RegistryClient.Index((child, s_other)), RegistryClient.IndexType)).Dispose();
    }

    [OneTimeTearDown]
    public async Task Stop() => await _aws.DisposeAsync();

    [Test]
    public async Task A_tag_that_is_not_there()
    {
        var (task, events) = await FailAsync("missing", "nobody");

        ShouldNotHaveStarted(task, $"CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref {_aws.Host}/app:nobody: {_aws.Host}/app:nobody: not found");
        events.Should().ContainSingle(text => text.StartsWith("(service missing) was unable to place a task. Reason: CannotPullContainerError: ", StringComparison.Ordinal));
        events.Should().ContainSingle(text => text.StartsWith("(service missing) is unable to consistently start tasks successfully.", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_secret_without_a_value()
    {
        const string arn = "arn:aws:secretsmanager:us-east-1:000000000000:secret:db";
        var (task, _) = await FailAsync("secretless", "one", $$""" "secrets":[{"name":"DB","valueFrom":"{{arn}}"}] """);

        (task["stopCode"]!.ToString(), task["containers"]![0]!.AsObject().ContainsKey("exitCode")).Should().Be(("TaskFailedToStart", false));
        task["stoppedReason"]!.ToString().Should().StartWith("ResourceInitializationError: unable to pull secrets or registry auth: ").And.Contain(arn).And.Contain("ResourceNotFoundException");
        task.ContainsKey("pullStartedAt").Should().BeFalse("ECS asks for secrets first");
    }

    [Test]
    public async Task An_index_without_the_tasks_platform()
    {
        var (task, _) = await FailAsync("platform", "index");

        ShouldNotHaveStarted(task, $"CannotPullContainerError: pull image manifest has been retried 1 time(s): image Manifest does not contain descriptor matching platform 'linux/{CpuArchitecture.Host}'");
    }

    [Test]
    public async Task An_image_for_another_CPU()
    {
        var (task, _) = await FailAsync("foreign", "foreign");

        ShouldHaveExited(task, 255);
        (await LogAsync("foreign", task)).Should().Equal("exec dotnet: exec format error");
    }

    [Test]
    public async Task A_program_that_ends_well()
    {
        var (task, _) = await FailAsync("done", "one", """ "environment":[{"name":"EXIT","value":"0"}] """);

        ShouldHaveExited(task, 0);
        (await LogAsync("done", task)).Should().Equal("exits with 0");
    }

    [Test]
    public async Task More_memory_than_there_is()
    {
        var (task, _) = await FailAsync("hungry", "one", """ "environment":[{"name":"HOG","value":"400"}] """);

        ShouldHaveExited(task, 137);
        task["containers"]![0]!["reason"]!.ToString().Should().Be("OutOfMemoryError: Container killed due to memory usage");
        (await LogAsync("hungry", task)).Should().Equal("takes 400 MiB");
    }

    [Test]
    public async Task A_health_check_that_fails()
    {
        var (task, events) = await FailAsync("sick", "one", """ "healthCheck":{"command":["CMD-SHELL","exit 1"],"interval":5,"retries":2} """);

        (task["stopCode"]!.ToString(), task["stoppedReason"]!.ToString()).Should().Be(("ServiceSchedulerInitiated", "Task failed container health checks"));
        (task["healthStatus"]!.ToString(), task["containers"]![0]!["healthStatus"]!.ToString()).Should().Be(("UNHEALTHY", "UNHEALTHY"));
        events.Should().Contain($"(service sick) (task {task["taskArn"]!.ToString().Split('/')[^1]}) failed container health checks.");
    }

    [Test]
    public async Task The_limits_of_the_runtime_say_how_memory_is_held()
    {
        var health = await _aws.Http.GetStringAsync(new Uri(_aws.Endpoint, "/_local/health"));

        JsonNode.Parse(health)!["runtimeLimits"]!.AsArray().Should().Contain(limit => limit!.ToString().StartsWith("Memory is looked at every 100 ms"));
    }

    private static void ShouldNotHaveStarted(JsonObject task, string reason)
    {
        (task["stopCode"]!.ToString(), task["stoppedReason"]!.ToString()).Should().Be(("TaskFailedToStart", reason));
        task["containers"]![0]!["reason"]!.ToString().Should().Be(reason);
        task["containers"]![0]!.AsObject().ContainsKey("exitCode").Should().BeFalse();
    }

    private static void ShouldHaveExited(JsonObject task, int code)
    {
        (task["stopCode"]!.ToString(), task["stoppedReason"]!.ToString()).Should().Be(("EssentialContainerExited", "Essential container in task exited"));
        task["containers"]![0]!["exitCode"]!.GetValue<int>().Should().Be(code);
    }

    /// <summary>Creates a service of it, and waits until the circuit breaker has given up.</summary>
    /// <returns>The task that failed first, and the service's events.</returns>
    private async Task<(JsonObject Task, IReadOnlyList<string> Events)> FailAsync(string name, string tag, string container = "")
    {
        var definition = JsonNode.Parse($"{{{container}}}")!.AsObject();
        (definition["name"], definition["image"], definition["memory"]) = ("app", $"{_aws.Host}/app:{tag}", 160);
        definition["logConfiguration"] = new JsonObject
        {
            ["logDriver"] = "awslogs",
            ["options"] = new JsonObject { ["awslogs-region"] = "us-east-1", ["awslogs-group"] = $"/ecs/{name}", ["awslogs-stream-prefix"] = "p", ["awslogs-create-group"] = "true" },
        };
        await _aws.CallAsync("ecs", "RegisterTaskDefinition", new JsonObject { ["family"] = name, ["executionRoleArn"] = "arn:aws:iam::000000000000:role/r", ["containerDefinitions"] = new JsonArray(definition) });
        var configuration = JsonNode.Parse("""{"deploymentCircuitBreaker":{"enable":true,"rollback":false}}""");
        await _aws.CallAsync("ecs", "CreateService", new JsonObject { ["serviceName"] = name, ["taskDefinition"] = name, ["desiredCount"] = 1, ["deploymentConfiguration"] = configuration });
        for (var attempt = 0; attempt < 600; attempt++)
        {
            var service = (await _aws.CallAsync("ecs", "DescribeServices", new JsonObject { ["services"] = new JsonArray(name) }))["services"]![0]!;
            if (service["deployments"]![0]!["rolloutState"]!.ToString() == "FAILED")
                return (await FirstAsync(name), [.. service["events"]!.AsArray().Select(one => one!["message"]!.ToString())]);
            await Task.Delay(50);
        }
        throw new TimeoutException("The circuit breaker did not trip within 30 s.");
    }

    private async Task<JsonObject> FirstAsync(string service)
    {
        var arns = (await _aws.CallAsync("ecs", "ListTasks", new JsonObject { ["serviceName"] = service, ["desiredStatus"] = "STOPPED" }))["taskArns"]!;
        var tasks = (await _aws.CallAsync("ecs", "DescribeTasks", new JsonObject { ["tasks"] = arns.DeepClone() }))["tasks"]!.AsArray();
        tasks.Should().HaveCount(3, "the breaker trips at the third failure");
        return tasks.MinBy(task => task!["createdAt"]!.GetValue<double>())!.AsObject();
    }

    private async Task<IEnumerable<string>> LogAsync(string name, JsonObject task)
    {
        var log = await _aws.CallAsync("logs", "GetLogEvents", new JsonObject { ["logGroupName"] = $"/ecs/{name}", ["logStreamName"] = $"p/app/{task["taskArn"]!.ToString().Split('/')[^1]}" });
        return log["events"]!.AsArray().Select(line => line!["message"]!.ToString());
    }
}

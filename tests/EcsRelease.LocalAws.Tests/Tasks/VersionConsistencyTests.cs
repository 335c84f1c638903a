using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Tests.Support;

namespace EcsRelease.LocalAws.Tests.Tasks;

/// <summary>ECS resolves a tag once per deployment
/// (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-container-image-stability.html).</summary>
[TestFixture]
[Parallelizable(ParallelScope.Children)]
public sealed class VersionConsistencyTests
{
    private LocalAwsFixture _aws = null!;
    private RegistryClient _registry = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _aws = await LocalAwsFixture.StartAsync(settings: usual => usual with { HealthyAfter = TimeSpan.FromMilliseconds(50), StartBackOff = TimeSpan.FromMilliseconds(20) });
        _registry = await RegistryClient.LogInAsync(_aws);
    }

    [OneTimeTearDown]
    public async Task Stop() => await _aws.DisposeAsync();

    [Test]
    public async Task A_moved_tag_changes_nothing_for_the_running_deployment()
    {
        var first = await CreateAsync("pinned");
        await _registry.PushImageAsync("pinned", "live", "other");

        (await ReplacedAsync("pinned"))["containers"]![0]!["imageDigest"]!.ToString().Should().Be(first);
    }

    [Test]
    public async Task A_moved_tag_is_taken_where_the_container_does_not_want_consistency()
    {
        await CreateAsync("floating", """ "versionConsistency":"disabled" """);
        var second = await _registry.PushImageAsync("floating", "live", "other");

        (await ReplacedAsync("floating"))["containers"]![0]!["imageDigest"]!.ToString().Should().Be(second);
    }

    [Test]
    public async Task An_image_deleted_under_a_running_service_fails_its_next_task_by_the_digest()
    {
        var digest = await CreateAsync("deleted");
        await _aws.CallAsync("ecr", "BatchDeleteImage", new JsonObject { ["repositoryName"] = "deleted", ["imageIds"] = new JsonArray(new JsonObject { ["imageDigest"] = digest }) });

        var task = await ReplacedAsync("deleted", "STOPPED");
        task["stopCode"]!.ToString().Should().Be("TaskFailedToStart");
        task["stoppedReason"]!.ToString().Should().StartWith("CannotPullContainerError: pull image manifest has been retried").And.Contain(digest).And.EndWith(": not found");
    }

    /// <summary>A repository and a service of that name, with one task of the tag `live`.</summary>
    private async Task<string> CreateAsync(string name, string more = "")
    {
        await _aws.CreateRepositoryAsync(name);
        var digest = await _registry.PushImageAsync(name, "live", "content");
        var container = JsonNode.Parse($"{{{more}}}")!.AsObject();
        (container["name"], container["image"], container["memory"]) = ("app", $"{_aws.Host}/{name}:live", 128);
        await _aws.CallAsync("ecs", "RegisterTaskDefinition", new JsonObject { ["family"] = name, ["containerDefinitions"] = new JsonArray(container) });
        await _aws.CallAsync("ecs", "CreateService", new JsonObject { ["serviceName"] = name, ["taskDefinition"] = name, ["desiredCount"] = 1 });
        (await TaskAsync(name, "RUNNING", _ => true))["containers"]![0]!["imageDigest"]!.ToString().Should().Be(digest);
        return digest;
    }

    /// <summary>Stops the service's task by hand.</summary>
    /// <returns>The one that came in its place.</returns>
    private async Task<JsonObject> ReplacedAsync(string name, string status = "RUNNING")
    {
        var old = (await TaskAsync(name, "RUNNING", _ => true))["taskArn"]!.ToString();
        await _aws.CallAsync("ecs", "StopTask", new JsonObject { ["task"] = old });
        return await TaskAsync(name, status, task => task["taskArn"]!.ToString() != old);
    }

    private async Task<JsonObject> TaskAsync(string service, string status, Func<JsonNode, bool> wanted)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            var arns = (await _aws.CallAsync("ecs", "ListTasks", new JsonObject { ["serviceName"] = service, ["desiredStatus"] = status }))["taskArns"]!.AsArray();
            var tasks = arns.Count == 0 ? [] : (await _aws.CallAsync("ecs", "DescribeTasks", new JsonObject { ["tasks"] = arns.DeepClone() }))["tasks"]!.AsArray();
            if (tasks.FirstOrDefault(task => task!["lastStatus"]!.ToString() == status && wanted(task)) is { } found)
                return found.AsObject();
            await Task.Delay(50);
        }
        throw new TimeoutException($"No task of {service} got {status} within 30 s.");
    }
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Tests.Verbs;

namespace EcsRelease.Tests.Matrix;

/// <summary>A live definition with all that other tools lose, released once.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class LosslessReleaseTests
{
    private EngineBed bed = null!;

    [SetUp]
    public async Task SetUp() => bed = await EngineBed.StartAsync();

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task A_release_changes_the_image_of_the_named_container_and_what_is_declared_and_nothing_else()
    {
        await bed.ReleaseAsync();
        var live = await DeployAsync("""
            {
              "family": "orders", "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"], "cpu": "512", "memory": "1024",
              "taskRoleArn": "arn:aws:iam::000000000000:role/orders", "executionRoleArn": "arn:aws:iam::000000000000:role/ecsTaskExecutionRole",
              "pidMode": "task", "ipcMode": "task", "runtimePlatform": { "cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX" },
              "ephemeralStorage": { "sizeInGiB": 30 }, "enableFaultInjection": true, "volumes": [{ "name": "scratch" }],
              "proxyConfiguration": { "type": "APPMESH", "containerName": "side", "properties": [{ "name": "IgnoredUID", "value": "1337" }, { "name": "EgressIgnoredIPs", "value": "" }] },
              "memberOf2030": { "deep": ["", []] },
              "tags": [{ "key": "team", "value": "" }],
              "containerDefinitions": [
                {
                  "name": "orders", "image": "IMAGE", "essential": true, "command": [], "entryPoint": [], "dockerLabels": { "empty": "" },
                  "environment": [{ "name": "EMPTY", "value": "" }, { "name": "KEPT", "value": "1" }, { "name": "SET", "value": "old" }],
                  "secrets": [{ "name": "KEY", "valueFrom": "SECRET" }], "linuxParameters": { "initProcessEnabled": true, "capabilities": { "add": [], "drop": ["ALL"] } },
                  "healthCheck": { "command": ["CMD-SHELL", "exit 0"] }, "mountPoints": [{ "sourceVolume": "scratch", "containerPath": "/scratch" }]
                },
                { "name": "side", "image": "IMAGE", "essential": false, "environment": [{ "name": "SET", "value": "old" }], "secrets": [{ "name": "KEY", "valueFrom": "SECRET" }] }
              ]
            }
            """);
        bed.Commit("second");

        var record = await bed.ReleaseAsync(new() { TaskDefinition = "live", Container = "orders", EnvironmentVariables = [new("SET", "new")] });

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        var released = await RegisteredAsync(record.TaskDefinition!);
        var container = live["containerDefinitions"]![0]!;
        container["image"] = record.Image;
        container["environment"]![2]!["value"] = "new";
        container["dockerLabels"]!["ecs-release.declared"] = "env:SET";
        JsonNode.DeepEquals(released, live).Should().BeTrue($"only image and declared variable should differ:\n{live}\n{released}");
    }

    private async Task<JsonObject> DeployAsync(string definition)
    {
        var image = (string)(await RegisteredAsync((await bed.RevisionsAsync())[0]))["containerDefinitions"]![0]!["image"]!;
        var registered = await bed.Ecs.RegisterTaskDefinitionAsync(
            (JsonObject)JsonNode.Parse(definition.Replace("IMAGE", image, StringComparison.Ordinal).Replace("SECRET", "arn:aws:ssm:us-east-1:000000000000:parameter/key", StringComparison.Ordinal))!, CancellationToken.None);
        var arn = (string)registered["taskDefinition"]!["taskDefinitionArn"]!;
        // No task: nobody made the secret.
        await bed.Client(AwsService.Ecs).CallAsync("UpdateService", new() { ["service"] = "orders", ["taskDefinition"] = arn, ["desiredCount"] = 0 }, CancellationToken.None);
        return await RegisteredAsync(arn);
    }

    /// <summary>A revision as it was registered, its own tags included: without what describing adds.</summary>
    private async Task<JsonObject> RegisteredAsync(string arn)
    {
        var described = await bed.RevisionAsync(arn);
        var definition = (JsonObject)described["taskDefinition"]!.DeepClone();
        foreach (var added in new[] { "taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt", "registeredBy" })
            definition.Remove(added);
        definition["tags"] = new JsonArray([.. described["tags"]!.AsArray().Where(tag => !((string)tag!["key"]!).StartsWith("ecs-release:", StringComparison.Ordinal)).Select(tag => tag!.DeepClone())]);
        return definition;
    }
}

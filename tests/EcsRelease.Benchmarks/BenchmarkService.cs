using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Benchmarks;

/// <summary>Revisions for all services of a benchmark: two whose tasks run, one whose tasks never start.</summary>
internal sealed record Revisions(string Good, string Next, string Bad)
{
    public static async Task<Revisions> RegisterAsync(IJsonService ecs, CancellationToken cancellationToken)
    {
        return new(
            await RegisterAsync("""{"name":"app","image":"app:1"}"""),
            await RegisterAsync("""{"name":"app","image":"app:2"}"""),
            await RegisterAsync("""{"name":"app","image":"app:3","secrets":[{"name":"KEY","valueFrom":"arn:aws:secretsmanager:us-east-1:000000000000:secret:nowhere"}]}"""));

        async Task<string> RegisterAsync(string container) => (string)(await ecs.CallAsync("RegisterTaskDefinition", new()
        {
            ["family"] = "benchmark",
            ["networkMode"] = "awsvpc",
            ["requiresCompatibilities"] = new JsonArray("FARGATE"),
            ["cpu"] = "256",
            ["memory"] = "512",
            ["executionRoleArn"] = "arn:aws:iam::000000000000:role/ecsTaskExecutionRole",
            ["containerDefinitions"] = new JsonArray(JsonNode.Parse(container)),
        }, cancellationToken))["taskDefinition"]!["taskDefinitionArn"]!;
    }
}

/// <summary>A service of one task, with the circuit breaker and its rollback on.</summary>
internal sealed class BenchmarkService(IJsonService ecs, string name)
{
    public const string Cluster = "default";

    public string Name => name;

    public Task CreateAsync(string revision, CancellationToken cancellationToken) => ecs.CallAsync("CreateService", new()
    {
        ["serviceName"] = name,
        ["taskDefinition"] = revision,
        ["desiredCount"] = 1,
        ["launchType"] = "FARGATE",
        ["networkConfiguration"] = JsonNode.Parse("""{"awsvpcConfiguration":{"subnets":["subnet-1"]}}"""),
        ["deploymentConfiguration"] = JsonNode.Parse("""{"deploymentCircuitBreaker":{"enable":true,"rollback":true}}"""),
    }, cancellationToken);

    public Task UpdateAsync(string revision, CancellationToken cancellationToken) =>
        ecs.CallAsync("UpdateService", new() { ["service"] = name, ["taskDefinition"] = revision }, cancellationToken);

    /// <summary>Waits until its PRIMARY is COMPLETED.</summary>
    public async Task SettledAsync(CancellationToken cancellationToken)
    {
        while ((string?)(await DescribeAsync(cancellationToken))["deployments"]![0]!["rolloutState"] != "COMPLETED")
            await Task.Delay(200, cancellationToken);
    }

    /// <summary>When ECS ended its newest service deployment.</summary>
    public async Task<DateTimeOffset> FinishedAtAsync(CancellationToken cancellationToken)
    {
        var answer = await ecs.CallAsync("DescribeServiceDeployments", new()
        {
            ["serviceDeploymentArns"] = new JsonArray((string?)(await DescribeAsync(cancellationToken))["currentServiceDeployment"]),
        }, cancellationToken);
        return DateTimeOffset.UnixEpoch.AddSeconds((double)answer["serviceDeployments"]![0]!["finishedAt"]!);
    }

    private async Task<JsonNode> DescribeAsync(CancellationToken cancellationToken) =>
        (await ecs.CallAsync("DescribeServices", new() { ["services"] = new JsonArray(name) }, cancellationToken))["services"]![0]!;
}

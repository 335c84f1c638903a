using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.Tests.Aws;
using EcsRelease.Tests.Deployments;
using EcsRelease.Tests.Verbs;

namespace EcsRelease.Tests.Matrix;

/// <summary>Services of the local AWS with revisions that start and one that never does.</summary>
internal sealed class LocalServices
{
    private readonly IJsonService _ecs;
    private readonly AwsAccess _access;
    private int _made;

    private LocalServices(IJsonService ecs, AwsAccess access) => (_ecs, _access) = (ecs, access);

    /// <summary>ARN of a revision whose tasks start and run.</summary>
    public string Good { get; private set; } = "";

    /// <summary>Another one of them.</summary>
    public string Next { get; private set; } = "";

    /// <summary>One whose tasks fail to start: nobody made its secret.</summary>
    public string Bad { get; private set; } = "";

    public static async Task<LocalServices> RegisterAsync(EngineBed bed)
    {
        var ecs = bed.Client(AwsService.Ecs);
        var made = new LocalServices(ecs, ScriptedAccess.Over(ecs) with { Logs = new AmazonCloudWatchLogsClient(bed.Client(AwsService.CloudWatchLogs)) });
        made.Good = await made.RegisterAsync("""{"name":"app","image":"app:1"}""");
        made.Next = await made.RegisterAsync("""{"name":"app","image":"app:2"}""");
        made.Bad = await made.RegisterAsync("""{"name":"app","image":"app:3","secrets":[{"name":"KEY","valueFrom":"arn:aws:secretsmanager:us-east-1:000000000000:secret:nowhere"}]}""");
        return made;
    }

    /// <param name="breaker">Whether the circuit breaker rolls back; null = it is off.</param>
    public LocalService New(bool? breaker, int desired, int maximumPercent) =>
        new(_ecs, _access, $"rows-{Interlocked.Increment(ref _made)}", breaker, desired, maximumPercent);

    private async Task<string> RegisterAsync(string container)
    {
        var answer = await _ecs.CallAsync("RegisterTaskDefinition", new()
        {
            ["family"] = "rows",
            ["networkMode"] = "awsvpc",
            ["requiresCompatibilities"] = new JsonArray("FARGATE"),
            ["cpu"] = "256",
            ["memory"] = "512",
            ["executionRoleArn"] = "arn:aws:iam::000000000000:role/ecsTaskExecutionRole",
            ["containerDefinitions"] = new JsonArray(JsonNode.Parse(container)),
        }, CancellationToken.None);
        return (string)answer["taskDefinition"]!["taskDefinitionArn"]!;
    }
}

/// <summary>One of them, with what people do to it.</summary>
internal sealed class LocalService(IJsonService ecs, AwsAccess access, string name, bool? breaker, int desired, int maximumPercent)
{
    private const string Cluster = "default";
    private readonly ServiceUpdate _update = new(access.Ecs, Cluster, name, TimeProvider.System);

    public async Task<StartedRollout> CreateAsync(string revision)
    {
        var answer = await CallAsync("CreateService", new()
        {
            ["serviceName"] = name,
            ["taskDefinition"] = revision,
            ["desiredCount"] = desired,
            ["launchType"] = "FARGATE",
            ["networkConfiguration"] = JsonNode.Parse("""{"awsvpcConfiguration":{"subnets":["subnet-1"]}}"""),
            ["deploymentConfiguration"] = new JsonObject
            {
                ["maximumPercent"] = maximumPercent,
                ["minimumHealthyPercent"] = 100,
                ["deploymentCircuitBreaker"] = new JsonObject { ["enable"] = breaker is not null, ["rollback"] = breaker == true },
            },
        });
        return _update.Started((JsonObject)answer["service"]!, revision, new(new HashSet<string>(), null));
    }

    public async Task<StartedRollout> UpdateAsync(string revision, bool force = false) =>
        await _update.UpdateAsync(revision, force, await _update.BaselineAsync(CancellationToken.None), CancellationToken.None);

    /// <summary>Waits until its PRIMARY is COMPLETED.</summary>
    public async Task SettledAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((string?)(await DescribeAsync())["deployments"]![0]!["rolloutState"] != "COMPLETED")
            await Task.Delay(50, limit.Token);
    }

    public Task DeleteAsync() => CallAsync("DeleteService", new() { ["service"] = name, ["force"] = true });

    public async Task StopDeploymentAsync() => await CallAsync("StopServiceDeployment", new()
    {
        ["serviceDeploymentArn"] = (string?)(await DescribeAsync())["currentServiceDeployment"],
        ["stopType"] = "ROLLBACK",
    });

    public Task<RolloutResult> WatchAsync(StartedRollout rollout, TimeSpan limit) =>
        new RolloutWatch(access, new ReportLog(), TimeProvider.System).WaitAsync(rollout, limit, CancellationToken.None);

    private async Task<JsonNode> DescribeAsync() =>
        (await CallAsync("DescribeServices", new() { ["services"] = new JsonArray(name) }))["services"]![0]!;

    private Task<JsonObject> CallAsync(string operation, JsonObject request) => ecs.CallAsync(operation, request, CancellationToken.None);
}

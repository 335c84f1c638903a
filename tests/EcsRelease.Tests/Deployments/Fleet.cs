using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Tests.Aws;

namespace EcsRelease.Tests.Deployments;

/// <summary>An account with many services, each with a deployment that ends at its own time in its own way. Each call
/// takes 40 ms; limits of names a call are ECS's.</summary>
internal sealed class Fleet(int size, SimulatedTime time) : IJsonService, IReleaseTarget
{
    private static readonly TimeSpan _latency = TimeSpan.FromMilliseconds(40);
    private static readonly string[] _ends = ["SUCCESSFUL", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED", "STOPPED"];
    private readonly Random _random = new(7);
    private readonly Dictionary<string, TimeSpan> _endsAfter = [];
    private readonly Dictionary<string, TimeSpan> _seenAfter = [];

    public IReadOnlyList<string> Services { get; } = [.. Enumerable.Range(0, size).Select(number => $"service-{number:000}")];

    public List<(string Operation, JsonObject Request, TimeSpan At)> Calls { get; } = [];

    /// <summary>While true for the moment, every call is throttled.</summary>
    public Func<TimeSpan, bool> IsThrottling { get; init; } = _ => false;

    /// <summary>A service that may not be read.</summary>
    public string? Denied { get; init; }

    /// <summary>From the end of each deployment to the answer that first showed it.</summary>
    public IReadOnlyList<TimeSpan> Delays => [.. _seenAfter.Select(seen => seen.Value - _endsAfter[seen.Key]).Order()];

    public string Name => "aws";

    public TargetDefaults Defaults { get; } = new() { CreateRepository = false, CreateService = false, CreateLogGroup = false, MayUseLocalBase = false, Architecture = "X86_64" };

    public static ReleaseOutcome OutcomeOf(int number) => (number % 4) switch
    {
        0 => ReleaseOutcome.Succeeded,
        1 => ReleaseOutcome.RolledBack,
        2 => ReleaseOutcome.RollbackFailed,
        _ => ReleaseOutcome.Stopped,
    };

    /// <summary>The most calls in any second.</summary>
    public int BusiestSecond() => Calls.Max(first => Calls.Count(call => call.At >= first.At && call.At < first.At + TimeSpan.FromSeconds(1)));

    public async Task<JsonObject> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow() - JumpingTime.Start;
        Calls.Add((operation, request, now));
        await Task.Delay(_latency, time, cancellationToken);
        if (IsThrottling(now))
            throw new AwsServiceException($"ecs:{operation}", "ThrottlingException", "Rate exceeded") { StatusCode = 400 };
        return operation switch
        {
            "DescribeServices" => Described(Names(request, "services", 10), "services", Service),
            "DescribeServiceDeployments" => Described(Names(request, "serviceDeploymentArns", 20), "serviceDeployments", Deployment),
            "DescribeServiceRevisions" => Described(Names(request, "serviceRevisionArns", 20), "serviceRevisions", arn =>
                new() { ["serviceRevisionArn"] = arn, ["taskDefinition"] = arn.Replace("revision/", "", StringComparison.Ordinal) + ":7" }),
            "ListServiceDeployments" => new() { ["serviceDeployments"] = new JsonArray(new JsonObject
            {
                ["serviceDeploymentArn"] = $"deployment/{(string)request["service"]!}", ["createdAt"] = JumpingTime.Start.ToUnixTimeSeconds(),
                ["status"] = "IN_PROGRESS", ["targetServiceRevisionArn"] = $"revision/{(string)request["service"]!}",
            }) },
            "DescribeTaskDefinition" => new() { ["taskDefinition"] = new JsonObject { ["containerDefinitions"] = new JsonArray() }, ["tags"] = new JsonArray() },
            "ListTasks" => new() { ["taskArns"] = new JsonArray() },
            "DescribeClusters" => new() { ["clusters"] = new JsonArray(new JsonObject { ["status"] = "ACTIVE" }) },
            _ => throw new AwsServiceException($"ecs:{operation}", "UnknownOperationException", ""),
        };
    }

    public Task<AwsAccess> ConnectAsync(CancellationToken cancellationToken) => Task.FromResult(ScriptedAccess.Over(this));

    public Task CheckSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ProvideSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<string>> EndpointsAsync(string cluster, string service, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    private List<string> Names(JsonObject request, string member, int max)
    {
        var names = ((JsonArray)request[member]!).Select(name => (string)name!).ToList();
        if (names.Count > max)
            throw new AwsServiceException("ecs:Describe", "InvalidParameterException", $"{names.Count} names") { StatusCode = 400 };
        if (Denied is not null && names.Contains(Denied))
            throw new AwsServiceException("ecs:DescribeServices", "AccessDeniedException", $"not authorized to perform: ecs:DescribeServices on {Denied}") { StatusCode = 400 };
        return names;
    }

    private JsonObject Described(List<string> names, string member, Func<string, JsonObject> describe) => new()
    {
        [member] = new JsonArray([.. names.Where(name => Services.Contains(name.Split('/')[^1])).Select(describe)]),
        ["failures"] = new JsonArray([.. names.Where(name => !Services.Contains(name.Split('/')[^1])).Select(name => new JsonObject { ["arn"] = $"arn:aws:ecs:eu-west-1:123456789012:service/{name}", ["reason"] = "MISSING" })]),
    };

    private TimeSpan EndOf(string service)
    {
        if (_endsAfter.Count == 0)
            foreach (var each in Services)
                _endsAfter[each] = TimeSpan.FromSeconds(30 + (300 * _random.NextDouble()));
        return _endsAfter[service];
    }

    // All tasks of a deployment run for half a minute before it ends.
    private JsonObject Service(string name)
    {
        var now = time.GetUtcNow() - JumpingTime.Start;
        return new()
        {
            ["serviceArn"] = $"arn:aws:ecs:eu-west-1:123456789012:service/production/{name}", ["serviceName"] = name, ["status"] = "ACTIVE", ["desiredCount"] = 2,
            ["taskDefinition"] = $"{name}:7", ["events"] = new JsonArray(),
            ["deployments"] = new JsonArray(new JsonObject
            {
                ["id"] = $"ecs-svc/{name}", ["status"] = "PRIMARY", ["taskDefinition"] = $"{name}:7", ["rolloutState"] = "IN_PROGRESS", ["createdAt"] = JumpingTime.Start.ToUnixTimeSeconds(),
                ["runningCount"] = EndOf(name) - now < TimeSpan.FromSeconds(30) ? 2 : 1, ["desiredCount"] = 2,
            }),
        };
    }

    private JsonObject Deployment(string arn)
    {
        var service = arn.Split('/')[^1];
        var now = time.GetUtcNow() - JumpingTime.Start;
        var hasEnded = now >= EndOf(service);
        if (hasEnded)
            _seenAfter.TryAdd(service, now);
        return new() { ["serviceDeploymentArn"] = arn, ["status"] = hasEnded ? _ends[Services.ToList().IndexOf(service) % 4] : "IN_PROGRESS" };
    }
}

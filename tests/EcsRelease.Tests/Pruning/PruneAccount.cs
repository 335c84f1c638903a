using System.Globalization;
using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Tests.Aws;
using EcsRelease.Tests.Deployments;

namespace EcsRelease.Tests.Pruning;

/// <summary>ECS, ECR, EventBridge and Scheduler over a world, with ECS's own budgets; each call takes 40 ms.</summary>
internal sealed partial class PruneAccount(PruneWorld world, SimulatedTime time) : IJsonService, IReleaseTarget
{
    private const string NameMember = "Name";
    private const string Arn = "arn:aws:ecs:eu-west-1:123456789012:";
    private static readonly TimeSpan _latency = TimeSpan.FromMilliseconds(40);

    // Burst and refill a second: docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html; ECR's,
    // EventBridge's and Scheduler's are constructed.
    private readonly Bucket[] _buckets =
    [
        new(20, 1, "DeregisterTaskDefinition"), new(5, 1, "DeleteTaskDefinitions"), new(50, 20, "DescribeTaskDefinition", "ListTaskDefinitions"),
        new(100, 20, "DescribeServices", "ListServices"), new(50, 20, "ListServiceDeployments", "DescribeServiceDeployments"),
        new(50, 20, "DescribeServiceRevisions"), new(100, 20, "ListTasks", "DescribeTasks"), new(50, 20, "ListClusters"),
        new(5, 5, "BatchDeleteImage"), new(20, 20, "DescribeImages", "BatchGetImage", "ListImageReferrers"),
    ];

    public Dictionary<string, int> Counts { get; } = [];

    public int Throttled { get; private set; }

    public TimeSpan Elapsed => time.GetUtcNow() - JumpingTime.Start;

    /// <summary>Called when a change is made, before its answer goes out; what it throws is the end of the process.</summary>
    public Action<string, int> OnChange { get; set; } = (_, _) => { };

    /// <summary>Refused, with AccessDeniedException.</summary>
    public HashSet<string> Denied { get; } = [];

    /// <summary>Calls that others in the account make of task definition changes, a second.</summary>
    public double OthersPerSecond { get; set; }

    /// <summary>The repository's policy; null = none.</summary>
    public string? Policy { get; set; }

    public JsonArray Replication { get; } = [];

    public string Account { get; init; } = "123456789012";

    public string Name => "aws";

    public TargetDefaults Defaults { get; } = new() { CreateRepository = false, CreateService = false, CreateLogGroup = false, MayUseLocalBase = false, Architecture = "X86_64" };

    public Task<AwsAccess> ConnectAsync(CancellationToken cancellationToken) => Task.FromResult(ScriptedAccess.Over(this, Account));

    public Task CheckSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ProvideSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<string>> EndpointsAsync(string cluster, string service, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    public async Task<JsonObject> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken)
    {
        await Task.Delay(_latency / 2, time, cancellationToken);
        if (Denied.Contains(operation))
            throw new AwsServiceException($"x:{operation}", "AccessDeniedException", $"User is not authorized to perform: x:{operation}") { StatusCode = 400 };
        if (_buckets.FirstOrDefault(bucket => bucket.Operations.Contains(operation)) is { } bucket && !bucket.Take(Elapsed, operation == "DeregisterTaskDefinition" ? OthersPerSecond : 0))
        {
            Throttled++;
            throw new AwsServiceException($"x:{operation}", "ThrottlingException", "Rate exceeded") { StatusCode = 400 };
        }
        Counts[operation] = Counts.GetValueOrDefault(operation) + 1;
        var answer = Answer(operation, request);
        if (operation is "DeregisterTaskDefinition" or "DeleteTaskDefinitions" or "BatchDeleteImage")
            OnChange(operation, Counts[operation]);
        await Task.Delay(_latency / 2, time, cancellationToken);
        return answer;
    }

    /// <summary>How long the calls that were made take at the rates alone, when what must come first does.</summary>
    public TimeSpan Limit()
    {
        TimeSpan Of(params string[] operations)
        {
            var bucket = _buckets.First(each => each.Operations.Contains(operations[0]));
            return TimeSpan.FromSeconds(Math.Max(0, operations.Sum(operation => Counts.GetValueOrDefault(operation)) - bucket.Burst) / bucket.PerSecond);
        }
        return Of("DescribeTaskDefinition", "ListTaskDefinitions") + Of("ListImageReferrers", "DescribeImages", "BatchGetImage")
            + Of("DeregisterTaskDefinition") + Of("BatchDeleteImage") + Of("DeleteTaskDefinitions");
    }

    private JsonObject Answer(string operation, JsonObject request) => operation switch
    {
        "ListClusters" => Page(request, ["production", "staging"], 100, "clusterArns", name => $"{Arn}cluster/{name}"),
        "ListServices" => Page(request, world.Services.Where(service => service.Cluster == Last(request, "cluster")), 100, "serviceArns", service => $"{Arn}service/{service.Cluster}/{service.Name}"),
        "DescribeServices" => Found(request, "services", 10, name => world.Services.Where(service => service.Cluster == Last(request, "cluster") && service.Name == name.Split('/')[^1]).Select(Shown), "services"),
        "ListTasks" => Page(request, world.Tasks.Where(task => task.Cluster == Last(request, "cluster") && (request.Text("family") is not { } family || task.Definition.StartsWith(family + ":", StringComparison.Ordinal))), 100, "taskArns", task => $"{Arn}task/{task.Cluster}/{world.Tasks.IndexOf(task)}"),
        "DescribeTasks" => Found(request, "tasks", 100, name => [ShownTask(int.Parse(name.Split('/')[^1], CultureInfo.InvariantCulture))], "tasks"),
        "ListServiceDeployments" => Page(request, world.Services.Single(service => $"{Arn}service/{service.Cluster}/{service.Name}" == request.Text("service")).Past, 2, "serviceDeployments", past => new JsonObject
        {
            ["serviceDeploymentArn"] = past.Arn, ["targetServiceRevisionArn"] = "revision/" + past.Target, ["createdAt"] = PruneWorld.Now.EpochSeconds(),
        }),
        "DescribeServiceDeployments" => Found(request, "serviceDeploymentArns", 20, arn => world.Services.SelectMany(service => service.Past).Where(past => past.Arn == arn).Select(past => new JsonObject
        {
            ["serviceDeploymentArn"] = past.Arn, ["status"] = past.Status, ["targetServiceRevision"] = new JsonObject { ["arn"] = "revision/" + past.Target },
            ["sourceServiceRevisions"] = past.Source is null ? [] : new JsonArray(new JsonObject { ["arn"] = "revision/" + past.Source }), ["createdAt"] = PruneWorld.Now.EpochSeconds(),
        }), "serviceDeployments"),
        "DescribeServiceRevisions" => Found(request, "serviceRevisionArns", 20, arn => [new JsonObject { ["serviceRevisionArn"] = arn, ["taskDefinition"] = $"{Arn}task-definition/{arn["revision/".Length..]}" }], "serviceRevisions"),
        "ListTaskDefinitions" => Page(request, world.Revisions.Where(revision => revision.Status == request.Text("status") && (request.Text("familyPrefix") is not { } family || revision.Family == family)).OrderByDescending(revision => revision.Number), 100, "taskDefinitionArns", revision => $"{Arn}task-definition/{revision.Name}"),
        "DescribeTaskDefinition" => Shown(Revision(request.Text("taskDefinition")!)),
        "DeregisterTaskDefinition" => Deregister(Revision(request.Text("taskDefinition")!)),
        "DeleteTaskDefinitions" => Delete(request),
        "ListEventBuses" => new() { ["EventBuses"] = new JsonArray(new JsonObject { [NameMember] = "default" }, new JsonObject { [NameMember] = "shop" }) },
        "ListRules" => new() { ["Rules"] = new JsonArray([.. world.Rules.Select((_, number) => number).Where(number => number % 2 == (request.Text("EventBusName") == "default" ? 0 : 1)).Select(number => new JsonObject { [NameMember] = $"rule{number}" })]) },
        "ListTargetsByRule" => new() { ["Targets"] = new JsonArray(new JsonObject { ["EcsParameters"] = new JsonObject { ["TaskDefinitionArn"] = $"{Arn}task-definition/{world.Rules[int.Parse(request.Text("Rule")!["rule".Length..], CultureInfo.InvariantCulture)]}" } }) },
        "ListSchedules" => new() { ["Schedules"] = new JsonArray([.. world.Schedules.Select((schedule, number) => new JsonObject { ["GroupName"] = "default", [NameMember] = $"{number}", ["Target"] = new JsonObject { ["Arn"] = TargetOf(schedule) } })]) },
        "GetSchedule" => Schedule(world.Schedules[int.Parse(request.Text(NameMember)!, CultureInfo.InvariantCulture)]),
        "DescribeImages" => Page(request, world.Images, 1000, "imageDetails", Detail),
        "BatchGetImage" => Found(request, "imageIds", 100, null, "images"),
        "ListImageReferrers" => new() { ["referrers"] = new JsonArray([.. world.Images.Where(image => image.Subject == request.Object("subjectId").Text("imageDigest")).Select(image => new JsonObject { ["digest"] = image.Digest })]) },
        "BatchDeleteImage" => DeleteImages(request),
        "GetRepositoryPolicy" => Policy is null ? throw Refusal("RepositoryPolicyNotFoundException") : new() { ["policyText"] = Policy },
        "GetRegistryPolicy" => throw Refusal("RegistryPolicyNotFoundException"),
        "DescribeRegistry" => new() { ["registryId"] = "123456789012", ["replicationConfiguration"] = new JsonObject { ["rules"] = Replication.DeepClone() } },
        _ => throw Refusal("UnknownOperationException"),
    };

    private static JsonObject Deregister(PruneWorld.Revision revision)
    {
        revision.Status = "INACTIVE";
        return Shown(revision);
    }

    private JsonObject Delete(JsonObject request)
    {
        var names = request.Texts("taskDefinitions").ToList();
        if (names.Count > 10)
            throw Refusal("InvalidParameterException");
        foreach (var revision in names.Select(Revision))
        {
            if (revision.Status != "INACTIVE")
                throw new InvalidOperationException($"{revision.Name} is {revision.Status}");
            world.Revisions.Remove(revision);
        }
        return new() { ["failures"] = new JsonArray() };
    }

    // ECR's order: a child goes only after its indexes.
    private JsonObject DeleteImages(JsonObject request)
    {
        var failures = new JsonArray();
        var ids = request.Objects("imageIds").Select(id => id.Text("imageDigest")!).ToList();
        if (ids.Count > 100)
            throw Refusal("InvalidParameterException");
        foreach (var digest in ids)
        {
            if (world.Images.Any(image => image.Children.Contains(digest)))
                failures.Add(new JsonObject { ["imageId"] = new JsonObject { ["imageDigest"] = digest }, ["failureCode"] = "ImageReferencedByManifestList", ["failureReason"] = "Requested image referenced by manifest list" });
            else
                world.Images.RemoveAll(image => image.Digest == digest);
        }
        return new() { ["failures"] = failures };
    }

    private PruneWorld.Revision Revision(string arn) =>
        world.Revisions.SingleOrDefault(revision => revision.Name == arn.Split('/')[^1])
            ?? throw new AwsServiceException("ecs:DescribeTaskDefinition", "ClientException", "Unable to describe task definition.") { StatusCode = 400 };

    private JsonObject Found(JsonObject request, string member, int max, Func<string, IEnumerable<JsonObject>>? describe, string found)
    {
        if (((JsonArray)request[member]!).Count > max)
            throw Refusal("InvalidParameterException");
        return new()
        {
            [found] = new JsonArray([.. describe is not null
                ? request.Texts(member).SelectMany(describe)
                : request.Objects(member).Select(id => world.Images.Single(image => image.Digest == id.Text("imageDigest"))).Select(Index)]),
            ["failures"] = new JsonArray(),
        };
    }

    private static JsonObject Page<T>(JsonObject request, IEnumerable<T> all, int size, string member, Func<T, JsonNode> show)
    {
        var from = request.Text("nextToken") is { } token ? int.Parse(token, CultureInfo.InvariantCulture) : 0;
        var items = all.Skip(from).Take(size + 1).ToList();
        return new()
        {
            [member] = new JsonArray([.. items.Take(size).Select(show)]),
            ["nextToken"] = items.Count > size ? (from + size).ToString(CultureInfo.InvariantCulture) : null,
        };
    }

    private static string? Last(JsonObject request, string member) => request.Text(member)?.Split('/')[^1];

    private static AwsServiceException Refusal(string code) => new("x:Call", code, code) { StatusCode = 400 };
}

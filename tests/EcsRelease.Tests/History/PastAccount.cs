using System.Globalization;
using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.History;
using EcsRelease.Tests.Aws.Botocore;
using EcsRelease.Tests.Deployments;

namespace EcsRelease.Tests.History;

/// <summary>An account with a past that no local AWS can have: days are counted from its beginning to its today. Answers
/// as ECS does, by what is asked for.</summary>
internal sealed class PastAccount : IJsonService
{
    private const string Family = "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders";

    private readonly DateTimeOffset begin;
    private readonly JsonArray deployments = [];
    private readonly JsonArray described = [];
    private readonly JsonArray serviceRevisions = [];
    private readonly SortedDictionary<int, JsonObject> definitions = [];

    /// <param name="today">Days since its beginning.</param>
    /// <param name="createdOn">Day on which the service was created.</param>
    public PastAccount(double today, double createdOn = 0)
    {
        begin = Time.GetUtcNow() - TimeSpan.FromDays(today);
        Service = new() { ["serviceName"] = "orders", ["status"] = "ACTIVE", ["createdAt"] = At(createdOn), ["desiredCount"] = 2, ["runningCount"] = 2 };
    }

    public TimeProvider Time { get; } = new JumpingTime();

    public JsonObject Service { get; }

    public List<(string Operation, JsonObject Request)> Calls { get; } = [];

    /// <summary>Operation → what it fails with; `DescribeTaskDefinition orders:5` for one revision. Asked once per call.</summary>
    public Dictionary<string, Func<AwsServiceException?>> Faults { get; } = [];

    public static string Arn(int revision) => $"{Family}:{revision}";

    public static string Commit(int number) => number.ToString("x40", CultureInfo.InvariantCulture);

    public static Func<AwsServiceException?> Denied(string operation) =>
        () => new($"ecs:{operation}", "AccessDeniedException", $"User: jane is not authorized to perform: ecs:{operation}") { StatusCode = 400 };

    /// <summary>A revision that a release registered.</summary>
    public PastAccount Revision(int revision, double day, int? commit = null, string status = "ACTIVE", Action<JsonObject>? change = null)
    {
        var sha = Commit(commit ?? revision);
        definitions[revision] = new JsonObject
        {
            ["taskDefinition"] = new JsonObject
            {
                ["taskDefinitionArn"] = Arn(revision), ["family"] = "orders", ["revision"] = revision, ["status"] = status, ["registeredAt"] = At(day),
                ["containerDefinitions"] = new JsonArray(
                    new JsonObject { ["name"] = "proxy", ["image"] = "proxy:1", ["essential"] = false },
                    new JsonObject { ["name"] = "app", ["image"] = $"host/orders:{sha}" }),
            },
            ["tags"] = Tags(("commit", sha), ("branch", "main"), ("actor", "jane"), ("digest", $"sha256:tag{revision}")),
        };
        change?.Invoke(definitions[revision]);
        return this;
    }

    public static JsonArray Tags(params (string Name, string Value)[] tags) =>
        new([.. tags.Select(tag => new JsonObject { ["key"] = $"ecs-release:{tag.Name}", ["value"] = tag.Value })]);

    /// <summary>A service deployment of a revision.</summary>
    /// <param name="end">Day; null while it goes on.</param>
    public PastAccount Deployment(int revision, double day, double? end, string status = "SUCCESSFUL", string? backTo = null, string? breaker = null)
    {
        var number = deployments.Count + 1;
        var brief = new JsonObject
        {
            ["serviceDeploymentArn"] = $"d{number}", ["createdAt"] = At(day), ["status"] = status, ["targetServiceRevisionArn"] = $"r{number}",
        };
        if (end is { } finished)
            brief["finishedAt"] = At(finished);
        deployments.Add(brief);
        var whole = (JsonObject)brief.DeepClone();
        whole.Remove("targetServiceRevisionArn");
        whole["targetServiceRevision"] = new JsonObject { ["arn"] = $"r{number}" };
        if (backTo is not null)
            whole["rollback"] = new JsonObject { ["serviceRevisionArn"] = backTo };
        if (breaker is not null)
            whole["deploymentCircuitBreaker"] = new JsonObject { ["status"] = breaker };
        described.Add(whole);
        serviceRevisions.Add(new JsonObject
        {
            ["serviceRevisionArn"] = $"r{number}", ["taskDefinition"] = Arn(revision),
            ["containerImages"] = new JsonArray(
                new JsonObject { ["containerName"] = "proxy", ["imageDigest"] = "sha256:proxy" },
                new JsonObject { ["containerName"] = "app", ["imageDigest"] = $"sha256:ran{revision}" }),
        });
        return this;
    }

    /// <summary>What PRIMARY is today.</summary>
    public PastAccount Primary(int revision, string state = "COMPLETED")
    {
        Service["deployments"] = new JsonArray(new JsonObject { ["id"] = "ecs-svc/1", ["status"] = "PRIMARY", ["taskDefinition"] = Arn(revision), ["rolloutState"] = state });
        return this;
    }

    public Task<ReadHistory> ReadAsync(int limit = 20) => new ServiceHistory(new AmazonEcsClient(this), "production", "orders", null, Time).ReadAsync(limit, CancellationToken.None);

    public Task<JsonObject> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken)
    {
        BotocoreModels.Check(operation, request);
        lock (Calls)
            Calls.Add((operation, request));
        foreach (var key in new[] { operation, $"{operation} {request.Text("taskDefinition")?.Split('/')[^1]}" })
            if (Faults.GetValueOrDefault(key)?.Invoke() is { } fault)
                throw fault;
        return Task.FromResult(operation switch
        {
            "DescribeServices" => new JsonObject { ["services"] = new JsonArray(Service.DeepClone()) },
            "ListServiceDeployments" => Page("serviceDeployments", [.. deployments.Reverse()], request),
            "DescribeServiceDeployments" => Some("serviceDeployments", "serviceDeploymentArn", described, request.Texts("serviceDeploymentArns")),
            "DescribeServiceRevisions" => Some("serviceRevisions", "serviceRevisionArn", serviceRevisions, request.Texts("serviceRevisionArns")),
            "ListTaskDefinitions" => Page("taskDefinitionArns",
                [.. definitions.Where(each => each.Value["taskDefinition"].Text("status") == request.Text("status")).Reverse().Select(each => JsonValue.Create(Arn(each.Key)))], request),
            "DescribeTaskDefinition" => (JsonObject)definitions[int.Parse(request.Text("taskDefinition")!.Split(':')[^1], CultureInfo.InvariantCulture)].DeepClone(),
            _ => throw new InvalidOperationException(operation),
        });
    }

    private double At(double day) => (begin + TimeSpan.FromDays(day)).EpochSeconds();

    private static JsonObject Some(string member, string id, JsonArray all, IEnumerable<string> ids)
    {
        var asked = ids.ToHashSet();
        asked.Count.Should().BeInRange(1, 20);
        return new() { [member] = new JsonArray([.. all.Where(each => asked.Contains(each.Text(id)!)).Select(each => each!.DeepClone())]) };
    }

    private static JsonObject Page(string member, IReadOnlyList<JsonNode?> all, JsonObject request)
    {
        var (from, size) = (int.Parse(request.Text("nextToken") ?? "0", CultureInfo.InvariantCulture), request.Integer("maxResults") ?? 20);
        var page = new JsonObject { [member] = new JsonArray([.. all.Skip(from).Take(size).Select(each => each!.DeepClone())]) };
        if (from + size < all.Count)
            page["nextToken"] = $"{from + size}";
        return page;
    }
}

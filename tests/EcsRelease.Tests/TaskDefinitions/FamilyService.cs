using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Tests.Aws.Botocore;

namespace EcsRelease.Tests.TaskDefinitions;

/// <summary>A task definition family behind ECS's operations: revision numbers go up, deregistered ones leave the list.</summary>
internal sealed class FamilyService : IJsonService
{
    private readonly List<JsonObject> _revisions = [];

    public List<string> Calls { get; } = [];

    /// <summary>Runs before a registration is stored, e.g. another release that is a moment faster.</summary>
    public Action? BeforeRegister { get; set; }

    /// <summary>How many of the next answers to RegisterTaskDefinition are lost.</summary>
    public int LoseAnswers { get; set; }

    /// <summary>Whether what a lost answer was to has been done.</summary>
    public bool CommitsBeforeLoss { get; set; } = true;

    public string? DenyTagResource { get; set; }

    /// <summary>ARNs that deployments of the service use.</summary>
    public IReadOnlyList<string> Deployed { get; set; } = [];

    /// <summary>Revisions that are not listed yet: ECS's listing lags behind.</summary>
    public HashSet<int> Hidden { get; } = [];

    /// <summary>Runs after the n-th listing.</summary>
    public Action<int>? AfterList { get; set; }

    public IEnumerable<int> Active => _revisions.Where(IsActive).Select(each => (int)each["taskDefinition"]!["revision"]!);

    public JsonObject this[int revision] => _revisions[revision - 1];

    public Task<JsonObject> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken)
    {
        Calls.Add(operation);
        BotocoreModels.Check(operation, request);
        return Task.FromResult(operation switch
        {
            "RegisterTaskDefinition" => Register(request),
            "ListTaskDefinitions" => List(request),
            "DescribeServices" => new JsonObject
            {
                ["services"] = new JsonArray(new JsonObject
                {
                    ["deployments"] = new JsonArray([.. Deployed.Select(arn => new JsonObject { ["taskDefinition"] = arn })]),
                }),
            },
            "DescribeTaskDefinition" => (JsonObject)Find(request).DeepClone(),
            "DeregisterTaskDefinition" => Deregister(request),
            _ => throw new AwsServiceException($"ecs:{operation}", "UnknownOperationException", ""),
        });
    }

    public JsonObject Add(JsonObject request)
    {
        var definition = (JsonObject)request.DeepClone();
        var tags = definition["tags"]?.DeepClone() ?? new JsonArray();
        definition.Remove("tags");
        var number = _revisions.Count + 1;
        definition["revision"] = number;
        definition["status"] = "ACTIVE";
        definition["taskDefinitionArn"] = $"arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:{number}";
        foreach (var container in definition["containerDefinitions"]!.AsArray())
        {
            // What ECS always returns.
            container!["cpu"] ??= 0;
            foreach (var list in new[] { "environment", "mountPoints", "volumesFrom", "portMappings", "systemControls" })
                container[list] ??= new JsonArray();
        }
        _revisions.Add(new JsonObject { ["taskDefinition"] = definition, ["tags"] = tags });
        return (JsonObject)_revisions[^1].DeepClone();
    }

    private JsonObject List(JsonObject request)
    {
        var listed = new JsonObject
        {
            ["taskDefinitionArns"] = new JsonArray([.. _revisions
                .Where(each => IsActive(each) && !Hidden.Contains((int)each["taskDefinition"]!["revision"]!))
                .Reverse().Take((int)request["maxResults"]!)
                .Select(each => (JsonNode)each["taskDefinition"]!["taskDefinitionArn"]!.DeepClone())]),
        };
        AfterList?.Invoke(Calls.Count(call => call == "ListTaskDefinitions"));
        return listed;
    }

    private JsonObject Register(JsonObject request)
    {
        if (DenyTagResource is { } message && request.ContainsKey("tags"))
            throw new AwsServiceException("ecs:RegisterTaskDefinition", "AccessDeniedException", message) { StatusCode = 400 };
        BeforeRegister?.Invoke();
        if (LoseAnswers-- > 0)
        {
            if (CommitsBeforeLoss)
                Add(request);
            throw new AwsServiceException("ecs:RegisterTaskDefinition", "RequestTimeout", "connection reset") { IsAnswerLost = true };
        }
        return Add(request);
    }

    private JsonObject Deregister(JsonObject request)
    {
        Find(request)["taskDefinition"]!["status"] = "INACTIVE";
        return (JsonObject)Find(request).DeepClone();
    }

    private JsonObject Find(JsonObject request) =>
        _revisions.Single(each => (string)each["taskDefinition"]!["taskDefinitionArn"]! == (string)request["taskDefinition"]!);

    private static bool IsActive(JsonObject revision) => (string)revision["taskDefinition"]!["status"]! == "ACTIVE";
}

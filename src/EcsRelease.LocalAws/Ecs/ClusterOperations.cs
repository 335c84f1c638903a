using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

internal sealed class ClusterOperations(EcsStore store) : IEcsOperations
{
    public IReadOnlyDictionary<string, EcsOperation> Operations => new Dictionary<string, EcsOperation>
    {
        ["CreateCluster"] = Create,
        ["DescribeClusters"] = Describe,
        ["ListClusters"] = List,
        ["DeleteCluster"] = Delete,
    };

    /// <summary>A cluster by name or ARN that can take services and tasks.</summary>
    public EcsDocument Active(string? nameOrArn)
    {
        var cluster = store.Find(EcsStore.Clusters, EcsNames.LastPart(nameOrArn ?? "default")) ?? throw EcsErrors.ClusterNotFound();
        return cluster.Shape.Text("status") == "ACTIVE" ? cluster : throw EcsErrors.ClusterInactive();
    }

    /// <summary>AWS has no cluster until one is created; to try things out, an empty state starts with `default`.</summary>
    public void CreateDefault(AwsCaller caller)
    {
        if (store.List(EcsStore.Clusters).Count == 0)
            Create(new JsonObject { ["clusterName"] = "default" }, caller);
    }

    private JsonObject Create(JsonObject input, AwsCaller caller)
    {
        var name = input.Text("clusterName") ?? "default";
        if (!EcsNames.IsName(name))
            throw EcsErrors.InvalidParameter("Cluster name contains invalid characters."); // constructed
        if (store.Find(EcsStore.Clusters, name) is { } existing && existing.Shape.Text("status") == "ACTIVE")
            return new JsonObject { ["cluster"] = Answer(existing, ["TAGS", "SETTINGS"]) };
        var shape = new JsonObject
        {
            ["clusterArn"] = caller.Arn($"cluster/{name}"),
            ["clusterName"] = name,
            ["status"] = "ACTIVE",
            ["settings"] = input["settings"]?.DeepClone() ?? new JsonArray(new JsonObject { ["name"] = "containerInsights", ["value"] = "disabled" }),
            ["capacityProviders"] = input["capacityProviders"]?.DeepClone() ?? new JsonArray(),
            ["defaultCapacityProviderStrategy"] = input["defaultCapacityProviderStrategy"]?.DeepClone() ?? new JsonArray(),
        };
        foreach (var member in new[] { "configuration", "serviceConnectDefaults" })
        {
            if (input[member] is { } value)
                shape[member] = value.DeepClone();
        }
        var cluster = new EcsDocument(EcsStore.Clusters, name, shape) { Tags = Tags.Of(input) };
        store.Save(cluster);
        return new JsonObject { ["cluster"] = Answer(cluster, ["TAGS", "SETTINGS"]) };
    }

    private JsonObject Describe(JsonObject input, AwsCaller caller)
    {
        var include = input.Texts("include");
        var asked = input.Texts("clusters");
        return EcsAnswers.Described(
            "clusters",
            (asked.Count == 0 ? ["default"] : asked).Select(EcsNames.LastPart),
            name => store.Find(EcsStore.Clusters, name) is { } cluster ? Answer(cluster, include) : null,
            name => caller.Arn($"cluster/{name}"));
    }

    private JsonObject List(JsonObject input, AwsCaller caller) => EcsAnswers.ListedArns(
        "clusterArns", store.List(EcsStore.Clusters).Where(cluster => cluster.Shape.Text("status") == "ACTIVE"), "clusterArn", input);

    private JsonObject Delete(JsonObject input, AwsCaller caller)
    {
        var cluster = Active(input.Text("cluster") ?? throw EcsErrors.InvalidParameter("Cluster can not be blank.")); // constructed
        if (Services(cluster).Any(service => service.Shape.Text("status") == "ACTIVE"))
            throw EcsErrors.ClusterContainsServices();
        if (LiveTasks(cluster).Count > 0)
            throw EcsErrors.ClusterContainsTasks();
        cluster.Shape["status"] = "INACTIVE";
        store.Save(cluster);
        return new JsonObject { ["cluster"] = Answer(cluster, []) };
    }

    private JsonObject Answer(EcsDocument cluster, IReadOnlyList<string> include)
    {
        var tasks = LiveTasks(cluster);
        var running = tasks.Count(task => task.Shape.Text("lastStatus") == "RUNNING");
        var answer = cluster.Answer(include.Contains("TAGS"));
        answer["registeredContainerInstancesCount"] = 0;
        answer["runningTasksCount"] = running;
        answer["pendingTasksCount"] = tasks.Count - running;
        answer["activeServicesCount"] = Services(cluster).Count(service => service.Shape.Text("status") == "ACTIVE");
        answer["statistics"] = new JsonArray();
        answer.TryAdd("tags", new JsonArray());
        if (!include.Contains("SETTINGS"))
            answer["settings"] = new JsonArray();
        if (!include.Contains("CONFIGURATIONS"))
            answer.Remove("configuration");
        return answer;
    }

    private IReadOnlyList<EcsDocument> Services(EcsDocument cluster) => store.List(EcsStore.Services, cluster.Key + "/");

    private List<EcsDocument> LiveTasks(EcsDocument cluster) =>
        [.. store.List(EcsStore.Tasks, cluster.Key + "/").Where(task => task.Shape.Text("lastStatus") != "STOPPED")];
}

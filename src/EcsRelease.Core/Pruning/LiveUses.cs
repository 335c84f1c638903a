using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Pruning;

/// <summary>A service as it was found.</summary>
internal sealed record FoundService(string Cluster, string Arn, string Name, string Controller)
{
    public string Place => $"{Cluster}/{Name}";
}

/// <summary>What runs in a region, of every cluster: services with their deployments and task sets, and tasks.</summary>
/// <param name="ecs">Paced.</param>
/// <param name="family">The family that is pruned; null = none of this region.</param>
/// <param name="withImages">Tasks of all families are read for the digests that they run; else only the family's.</param>
internal sealed class LiveUses(AmazonEcsClient ecs, string? family, bool withImages)
{
    private const int ServicesACall = 10;

    /// <returns>The services that were found.</returns>
    public async Task<IReadOnlyList<FoundService>> ReadAsync(References into, CancellationToken cancellationToken)
    {
        var clusters = await SourceRead.TryAsync(into, "the clusters of the region", "ecs:ListClusters",
            () => ListAsync(ecs.ListClustersAsync, [], "clusterArns", cancellationToken)) ?? [];
        var found = await PacedCalls.AllAsync(clusters, async (cluster, stop) =>
        {
            var services = ReadServicesAsync(cluster, into, stop);
            await ReadTasksAsync(cluster, into, stop);
            return await services;
        }, cancellationToken);
        return [.. found.SelectMany(services => services)];
    }

    private async Task<IReadOnlyList<FoundService>> ReadServicesAsync(string cluster, References into, CancellationToken cancellationToken)
    {
        var name = FamilyRevision.NameOf(cluster);
        return await SourceRead.TryAsync(into, $"the services of cluster '{name}'", "ecs:ListServices, ecs:DescribeServices", async () =>
        {
            var arns = await ListAsync(ecs.ListServicesAsync, new() { ["cluster"] = cluster, ["maxResults"] = 100 }, "serviceArns", cancellationToken);
            var described = await PacedCalls.AllAsync(arns.Chunk(ServicesACall), (some, stop) =>
                ecs.DescribeServicesAsync(new() { ["cluster"] = cluster, ["services"] = some.ToJsonArray() }, stop), cancellationToken);
            return described.SelectMany(answer => answer.Objects("services")).Select(service => Use(name, service, into)).ToList();
        }) ?? [];
    }

    private static FoundService Use(string cluster, JsonObject service, References into)
    {
        var found = new FoundService(
            cluster, service.Text("serviceArn") ?? "", service.Text("serviceName") ?? "", service.Object("deploymentController").Text("type") ?? "ECS");
        if (service.Text("status") == "INACTIVE")
            return found;
        into.AddRevision(service.Text("taskDefinition"), $"service {found.Place} runs it");
        foreach (var deployment in service.Objects("deployments"))
            into.AddRevision(deployment.Text("taskDefinition"), $"a deployment of service {found.Place} is of it");
        foreach (var taskSet in service.Objects("taskSets"))
            into.AddRevision(taskSet.Text("taskDefinition"), $"a task set of service {found.Place} runs it");
        return found;
    }

    private async Task ReadTasksAsync(string cluster, References into, CancellationToken cancellationToken)
    {
        var name = FamilyRevision.NameOf(cluster);
        await SourceRead.TryAsync(into, $"the tasks of cluster '{name}'", "ecs:ListTasks, ecs:DescribeTasks", async () =>
        {
            // Tasks that are pending are meant to be RUNNING, too.
            var request = new JsonObject { ["cluster"] = cluster, ["desiredStatus"] = "RUNNING" };
            if (!withImages && family is not null)
                request["family"] = family;
            var arns = await ListAsync(ecs.ListTasksAsync, request, "taskArns", cancellationToken);
            var described = await PacedCalls.AllAsync(arns.Chunk(Paging.TasksACall), (some, stop) =>
                ecs.DescribeTasksAsync(new() { ["cluster"] = cluster, ["tasks"] = some.ToJsonArray() }, stop), cancellationToken);
            foreach (var task in described.SelectMany(answer => answer.Objects("tasks")))
            {
                var by = $"task {FamilyRevision.NameOf(task.Text("taskArn") ?? "")} in {name} runs it";
                into.AddRevision(task.Text("taskDefinitionArn"), by);
                foreach (var container in task.Objects("containers"))
                    into.AddDigest(container.Text("imageDigest"), by);
            }
            return arns;
        });
    }

    internal static async Task<List<string>> ListAsync(Func<JsonObject, CancellationToken, Task<JsonObject>> operation, JsonObject request, string member, CancellationToken cancellationToken)
    {
        var all = new List<string>();
        await foreach (var item in Paging.ListAllAsync(operation, request, member, cancellationToken))
            all.Add((string)item!);
        return all;
    }
}

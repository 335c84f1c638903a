using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>Reads a service as DescribeServices, UpdateService and CreateService return it.</summary>
internal static class ServiceJson
{
    public static JsonObject? Primary(this JsonNode? service) =>
        service.Objects("deployments").FirstOrDefault(deployment => deployment.Text("status") == "PRIMARY");

    public static bool IsGone(this JsonObject service) => service.Text("status") is "DRAINING" or "INACTIVE";

    /// <summary>The service with its tags, or null when ECS does not know it.</summary>
    public static async Task<JsonObject?> DescribeServiceAsync(this AmazonEcsClient ecs, string cluster, string service, CancellationToken cancellationToken)
    {
        var answer = await ecs.DescribeServicesAsync(
            new JsonObject { ["cluster"] = cluster, ["services"] = new JsonArray(service), ["include"] = new JsonArray("TAGS") }, cancellationToken);
        return answer.Objects("services").FirstOrDefault();
    }

    /// <summary>All service deployments (briefs).</summary>
    /// <param name="after">Only those created later; null = all that ECS keeps (90 days).</param>
    public static async Task<List<JsonObject>> ListDeploymentsAsync(this AmazonEcsClient ecs, string cluster, string service, DateTimeOffset? after, CancellationToken cancellationToken)
    {
        var request = new JsonObject { ["cluster"] = cluster, ["service"] = service, ["maxResults"] = 100 };
        if (after is { } since)
            request["createdAt"] = new JsonObject { ["after"] = since.EpochSeconds() };
        var found = new List<JsonObject>();
        await foreach (var deployment in Paging.ListAllAsync(ecs.ListServiceDeploymentsAsync, request, "serviceDeployments", cancellationToken))
            found.Add((JsonObject)deployment);
        return found;
    }
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>Reads a service as DescribeServices, UpdateService and CreateService return it.</summary>
internal static class ServiceJson
{
    public static JsonObject? Primary(this JsonNode? service) =>
        service.Objects("deployments").FirstOrDefault(deployment => deployment.Text("status") == "PRIMARY");

    /// <summary>The newest deployment of a revision that is not PRIMARY (any more).</summary>
    public static JsonObject? DeploymentOf(this JsonNode? service, string taskDefinition) => service.Objects("deployments")
        .Where(deployment => deployment.Text("status") != "PRIMARY" && deployment.Text("taskDefinition") == taskDefinition)
        .MaxBy(deployment => deployment.Time("createdAt"));

    /// <summary>ECS made this deployment PRIMARY to undo a failed one.</summary>
    public static bool IsRollback(this JsonObject primary) =>
        primary.Text("rolloutStateReason")?.Contains("rolling back to", StringComparison.Ordinal) == true;

    public static bool IsGone(this JsonObject service) => service.Text("status") is "DRAINING" or "INACTIVE";

    /// <summary>The service with its tags, or null when ECS does not know it.</summary>
    public static async Task<JsonObject?> DescribeServiceAsync(this AmazonEcsClient ecs, string cluster, string service, CancellationToken cancellationToken)
    {
        var answer = await ecs.DescribeServicesAsync(
            new JsonObject { ["cluster"] = cluster, ["services"] = new JsonArray(service), ["include"] = new JsonArray("TAGS") }, cancellationToken);
        return answer.Objects("services").FirstOrDefault();
    }

    /// <summary>Service deployments (briefs).</summary>
    /// <param name="after">Only those created later; ECS keeps 90 days of them.</param>
    public static async Task<List<JsonObject>> ListDeploymentsAsync(this AmazonEcsClient ecs, string cluster, string service, DateTimeOffset after, CancellationToken cancellationToken)
    {
        var request = new JsonObject
        {
            ["cluster"] = cluster, ["service"] = service, ["maxResults"] = 100, ["createdAt"] = new JsonObject { ["after"] = after.EpochSeconds() },
        };
        var found = new List<JsonObject>();
        await foreach (var deployment in Paging.ListAllAsync(ecs.ListServiceDeploymentsAsync, request, "serviceDeployments", cancellationToken))
            found.Add((JsonObject)deployment);
        return found;
    }

    /// <summary>Task definition by service revision. A revision that is MISSING, as it is for a moment after it was
    /// made, is left out.</summary>
    public static async Task<Dictionary<string, string>> TaskDefinitionsOfAsync(this AmazonEcsClient ecs, IEnumerable<string> serviceRevisions, CancellationToken cancellationToken)
    {
        var answer = await Paging.DescribeAllAsync(
            ecs.DescribeServiceRevisionsAsync, [], "serviceRevisionArns", [.. serviceRevisions.Distinct()], "serviceRevisions", Paging.DeploymentsACall, cancellationToken);
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var revision in answer.Objects("serviceRevisions"))
            if (revision.Text("serviceRevisionArn") is { } arn && revision.Text("taskDefinition") is { } taskDefinition)
                found[arn] = taskDefinition;
        return found;
    }
}

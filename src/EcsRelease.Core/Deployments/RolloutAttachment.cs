using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>Takes up the newest deployment of a service, begun by whomever, for following it (`ecs-release wait`).</summary>
public static class RolloutAttachment
{
    /// <exception cref="EcsReleaseException">ECSR4010, 5113.</exception>
    /// <exception cref="AwsServiceException"/>
    public static async Task<StartedRollout> NewestAsync(AmazonEcsClient ecs, string cluster, string service, TimeProvider time, CancellationToken cancellationToken)
    {
        var described = await ecs.DescribeServiceAsync(cluster, service, cancellationToken) ?? throw Errors.ServiceMissing(service, cluster);
        var primary = described.Primary();
        if (primary.Text("taskDefinition") is not { } live || described.IsGone())
            throw Errors.NothingLive(service, cluster);
        var attached = new StartedRollout
        {
            Cluster = cluster,
            Service = service,
            TaskDefinition = live,
            PrimaryId = primary.Text("id") ?? "",
            Baseline = new RolloutBaseline(null, primary.Text("id")),
            UpdatedAt = primary.Time("createdAt") ?? time.GetUtcNow(),
        };
        return await NewestListedAsync(ecs, cluster, service, cancellationToken) is var (arn, target, createdAt)
            ? attached with { TaskDefinition = target, ServiceDeployment = arn, UpdatedAt = createdAt, PrimaryId = IdOf(described, target) ?? attached.PrimaryId }
            : attached;
    }

    // During a rollback the deployment that failed is not PRIMARY any more.
    private static string? IdOf(JsonObject service, string taskDefinition) =>
        service.Objects("deployments").FirstOrDefault(each => each.Text("taskDefinition") == taskDefinition).Text("id");

    private static async Task<(string Arn, string TaskDefinition, DateTimeOffset CreatedAt)?> NewestListedAsync(
        AmazonEcsClient ecs, string cluster, string service, CancellationToken cancellationToken)
    {
        try
        {
            var newest = (await ecs.ListDeploymentsAsync(cluster, service, after: null, cancellationToken)).MaxBy(each => each.Time("createdAt"));
            if (newest.Text("targetServiceRevisionArn") is not { } revision || newest.Text("serviceDeploymentArn") is not { } arn)
                return null;
            var answer = await ecs.DescribeServiceRevisionsAsync(new JsonObject { ["serviceRevisionArns"] = new JsonArray(revision) }, cancellationToken);
            return answer.Objects("serviceRevisions").FirstOrDefault().Text("taskDefinition") is { } target && newest.Time("createdAt") is { } createdAt
                ? (arn, target, createdAt)
                : null;
        }
        catch (AwsServiceException denied) when (denied.IsAccessDenied)
        {
            return null;
        }
    }
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>Takes up the newest deployment of a service, begun by whomever, for following it (`ecs-release wait`).</summary>
public static class RolloutAttachment
{
    // A rollback may have made its PRIMARY after the deployment that it undoes; that one is seldom older than this.
    private static readonly TimeSpan _lookBack = TimeSpan.FromDays(1);

    /// <exception cref="EcsReleaseException">ECSR4010, 5113.</exception>
    /// <exception cref="AwsServiceException"/>
    public static async Task<StartedRollout> NewestAsync(AmazonEcsClient ecs, string cluster, string service, TimeProvider time, CancellationToken cancellationToken) =>
        await NewestAsync(ecs, await ecs.DescribeServiceAsync(cluster, service, cancellationToken) ?? throw Errors.ServiceMissing(service, cluster), cluster, service, time, cancellationToken);

    /// <param name="described">The service, as just read.</param>
    internal static async Task<StartedRollout> NewestAsync(AmazonEcsClient ecs, JsonObject described, string cluster, string service, TimeProvider time, CancellationToken cancellationToken)
    {
        if (described.Primary() is not { } primary || primary.Text("taskDefinition") is not { } live || described.IsGone())
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
        var newest = await NewestListedAsync(ecs, attached, cancellationToken);
        if (newest is not null && IsUndone(newest, primary))
            return attached with { TaskDefinition = newest.TaskDefinition, ServiceDeployment = newest.Arn, UpdatedAt = newest.CreatedAt, PrimaryId = described.DeploymentOf(newest.TaskDefinition).Text("id") ?? "" };
        if (newest is not null && newest.TaskDefinition == live && newest.CreatedAt >= attached.UpdatedAt - RolloutRule.ClockTolerance)
            return attached with { ServiceDeployment = newest.Arn };
        // PRIMARY is newer than all that is listed: a listing lags by seconds. The watch finds it.
        return primary.IsRollback() && Undone(described) is { } undone ? attached with
        {
            TaskDefinition = undone.Text("taskDefinition")!,
            PrimaryId = undone.Text("id") ?? "",
            UpdatedAt = undone.Time("createdAt") ?? attached.UpdatedAt,
        } : attached;
    }

    // During a rollback, and after it, the newest deployment is not PRIMARY any more. A release that came after the
    // rollback and is not listed yet has a PRIMARY that is younger than it.
    private static bool IsUndone(ListedDeployment newest, JsonObject primary) =>
        primary.IsRollback() || (newest.Status.StartsWith("ROLLBACK_", StringComparison.Ordinal) && primary.Time("createdAt") < newest.EndedAt);

    private static JsonObject? Undone(JsonObject service) => service.Objects("deployments")
        .Where(each => each.Text("status") != "PRIMARY" && each.Text("taskDefinition") is not null).MaxBy(each => each.Time("createdAt"));

    private static async Task<ListedDeployment?> NewestListedAsync(AmazonEcsClient ecs, StartedRollout attached, CancellationToken cancellationToken)
    {
        try
        {
            var newest = (await ecs.ListDeploymentsAsync(attached.Cluster, attached.Service, attached.UpdatedAt - _lookBack, cancellationToken)).MaxBy(each => each.Time("createdAt"));
            if (newest.Text("targetServiceRevisionArn") is not { } revision || newest.Text("serviceDeploymentArn") is not { } arn || newest.Time("createdAt") is not { } createdAt)
                return null;
            return (await ecs.TaskDefinitionsOfAsync([revision], cancellationToken)).GetValueOrDefault(revision) is { } target
                ? new(arn, target, newest.Text("status") ?? "", createdAt, newest.Time("finishedAt") ?? createdAt)
                : null;
        }
        catch (AwsServiceException denied) when (denied.IsAccessDenied)
        {
            return null;
        }
    }

    /// <param name="EndedAt">When it ended; when it began while it goes on.</param>
    private sealed record ListedDeployment(string Arn, string TaskDefinition, string Status, DateTimeOffset CreatedAt, DateTimeOffset EndedAt);
}

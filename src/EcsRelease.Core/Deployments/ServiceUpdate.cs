using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>Brings a revision to an existing service with one UpdateService.</summary>
public sealed class ServiceUpdate(AmazonEcsClient ecs, string cluster, string service, TimeProvider time)
{
    private const int MaxAttempts = 4;

    // Looks, one pause apart, after which the update counts as lost on the way.
    private const int MinLooks = 2;

    // Looks for a deployment of ours where another one is PRIMARY: a listing lags by seconds.
    private const int MaxLooks = 10;

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    // An older service deployment is never taken for ours. A whole day, since ECS's clock dates what ours asks for.
    private static readonly TimeSpan _recent = TimeSpan.FromDays(1);

    /// <summary>What is there before the update; read right before it.</summary>
    /// <exception cref="AwsServiceException"/>
    public async Task<RolloutBaseline> BaselineAsync(CancellationToken cancellationToken)
    {
        // The list first: a deployment that begins between the two reads is then PRIMARY and not in the list. The
        // other way round it would count as one of before for ever, with its update still counted as ours.
        var listed = await ListedAsync(cancellationToken);
        var described = await ecs.DescribeServiceAsync(cluster, service, cancellationToken);
        var primary = described.Primary();
        return new(listed, primary.Text("id"), primary.Time("createdAt"));
    }

    /// <summary>Takes up a revision that is PRIMARY already: nothing is sent.</summary>
    /// <param name="described">The service by which that was decided.</param>
    public StartedRollout Attach(JsonObject described, string taskDefinition) =>
        Started(described, taskDefinition, new(null, described.Primary().Text("id")));

    /// <summary>Sends service, task definition and, when needed, forceNewDeployment; everything else of the service
    /// stays as it is (DESIGN 14, "Creation options"). After a lost answer the service is read first, and the update is
    /// sent again only while the service is what it was: another release may have followed ours.</summary>
    /// <exception cref="EcsReleaseException">ECSR5110: another deployment is PRIMARY, and none of ours is to be seen.</exception>
    /// <exception cref="AwsServiceException"/>
    public async Task<StartedRollout> UpdateAsync(string taskDefinition, bool force, RolloutBaseline baseline, CancellationToken cancellationToken)
    {
        var request = new JsonObject { ["cluster"] = cluster, ["service"] = service, ["taskDefinition"] = taskDefinition };
        if (force)
            request["forceNewDeployment"] = true;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var answer = await ecs.UpdateServiceAsync((JsonObject)request.DeepClone(), cancellationToken);
                return Started(answer.Object("service"), taskDefinition, baseline);
            }
            catch (AwsServiceException lost) when (lost.IsAnswerLost)
            {
                if (await BegunAsync(taskDefinition, baseline, cancellationToken) is { } begun)
                    return begun;
                if (attempt == MaxAttempts)
                    throw;
            }
        }
    }

    internal StartedRollout Started(JsonObject? described, string taskDefinition, RolloutBaseline baseline)
    {
        var primary = described.Primary();
        return new StartedRollout
        {
            Cluster = cluster,
            Service = service,
            TaskDefinition = taskDefinition,
            Baseline = baseline,
            PrimaryId = primary.Text("id") ?? "",
            // ECS's own clock where it tells, since events and tasks are dated by it.
            UpdatedAt = primary.Time("createdAt") ?? time.GetUtcNow(),
            Overtook = Overtaken(described, primary, baseline),
        };
    }

    // UpdateService has no compare-and-set: what was PRIMARY right before is told by its answer alone.
    private static string? Overtaken(JsonObject? described, JsonObject? primary, RolloutBaseline baseline) =>
        baseline.PrimaryId == primary.Text("id") || baseline.PrimarySince is not { } since ? null : described.Objects("deployments")
            .Where(each => each.Text("id") != primary.Text("id") && each.Text("id") != baseline.PrimaryId && each.Time("createdAt") >= since)
            .MaxBy(each => each.Time("createdAt")).Text("taskDefinition");

    /// <returns>The rollout of an update whose answer was lost; null when the update never arrived.</returns>
    private async Task<StartedRollout?> BegunAsync(string taskDefinition, RolloutBaseline baseline, CancellationToken cancellationToken)
    {
        for (var look = 1; ; look++)
        {
            if (await DescribedAsync(isLast: look == MaxLooks, cancellationToken) is { } described)
            {
                var primary = described.Primary();
                if (primary.Text("id") == baseline.PrimaryId)
                {
                    if (look >= MinLooks)
                        return null;
                }
                else if (primary.Text("taskDefinition") == taskDefinition)
                    return Started(described, taskDefinition, baseline);
                else if (await ReplacedAsync(described, taskDefinition, baseline, cancellationToken) is { } replaced)
                    return replaced;
                else if (look == MaxLooks)
                    throw Errors.LiveStateMoved(service, $"then '{baseline.PrimaryId ?? "none"}', now '{$"{primary.Text("id") ?? "none"} {primary.Text("taskDefinition")}".TrimEnd()}'");
            }
            await Task.Delay(_pause, time, cancellationToken);
        }
    }

    private async Task<JsonObject?> DescribedAsync(bool isLast, CancellationToken cancellationToken)
    {
        try
        {
            return await ecs.DescribeServiceAsync(cluster, service, cancellationToken) ?? [];
        }
        catch (AwsServiceException lost) when (lost.IsAnswerLost && !isLast)
        {
            return null;
        }
    }

    // Ours began and another deployment took its place; the watch tells by which.
    private async Task<StartedRollout?> ReplacedAsync(JsonObject described, string taskDefinition, RolloutBaseline baseline, CancellationToken cancellationToken)
    {
        if (baseline.ServiceDeployments is not { } before)
            return null;
        try
        {
            var began = (await ecs.ListDeploymentsAsync(cluster, service, time.GetUtcNow() - _recent, cancellationToken))
                .Where(each => !before.Contains(each.Text("serviceDeploymentArn") ?? "")).OrderBy(each => each.Time("createdAt")).ToList();
            var targets = await ecs.TaskDefinitionsOfAsync(began.Select(each => each.Text("targetServiceRevisionArn")).OfType<string>(), cancellationToken);
            var ours = began.FirstOrDefault(each => targets.GetValueOrDefault(each.Text("targetServiceRevisionArn") ?? "") == taskDefinition);
            return ours is null ? null : Started(described, taskDefinition, baseline) with
            {
                PrimaryId = described.DeploymentOf(taskDefinition).Text("id") ?? "",
                ServiceDeployment = ours.Text("serviceDeploymentArn"),
                UpdatedAt = ours.Time("createdAt") ?? time.GetUtcNow(),
            };
        }
        catch (AwsServiceException denied) when (denied.IsAccessDenied)
        {
            return null;
        }
    }

    private async Task<IReadOnlySet<string>?> ListedAsync(CancellationToken cancellationToken)
    {
        try
        {
            var listed = await ecs.ListDeploymentsAsync(cluster, service, time.GetUtcNow() - _recent, cancellationToken);
            return listed.Select(each => each.Text("serviceDeploymentArn")).OfType<string>().ToHashSet(StringComparer.Ordinal);
        }
        catch (AwsServiceException denied) when (denied.IsAccessDenied)
        {
            return null;
        }
    }
}

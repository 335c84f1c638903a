using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>Brings a revision to an existing service with one UpdateService.</summary>
public sealed class ServiceUpdate(AmazonEcsClient ecs, string cluster, string service, TimeProvider time)
{
    private const int MaxAttempts = 4;

    private static readonly TimeSpan _betweenAttempts = TimeSpan.FromSeconds(1);

    /// <summary>What is there before the update; read right before it.</summary>
    /// <param name="liveService">The service as described just now; null when it is going to be created.</param>
    /// <exception cref="AwsServiceException"/>
    public async Task<RolloutBaseline> BaselineAsync(JsonObject? liveService, CancellationToken cancellationToken)
    {
        if (liveService is null)
            return new(new HashSet<string>(), null);
        try
        {
            var listed = await ecs.ListDeploymentsAsync(cluster, service, after: null, cancellationToken);
            return new(listed.Select(each => each.Text("serviceDeploymentArn")).OfType<string>().ToHashSet(StringComparer.Ordinal), liveService.Primary().Text("id"));
        }
        catch (AwsServiceException denied) when (denied.IsAccessDenied)
        {
            return new(null, liveService.Primary().Text("id"));
        }
    }

    /// <summary>A revision that is PRIMARY already and has failed there (circuit breaker without rollback) needs
    /// forceNewDeployment: without it UpdateService begins nothing (DESIGN 14, "Re-run").</summary>
    public static bool NeedsForce(JsonObject liveService, string taskDefinition) =>
        liveService.Primary() is { } primary && primary.Text("taskDefinition") == taskDefinition && primary.Text("rolloutState") == "FAILED";

    /// <summary>Sends service, task definition and, when needed, forceNewDeployment; everything else of the service
    /// stays as it is (DESIGN 14, "Creation options"). After a lost answer the service is read again first.</summary>
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
            catch (AwsServiceException lost) when (lost.IsAnswerLost && attempt < MaxAttempts)
            {
                if (await BegunAsync(taskDefinition, baseline, cancellationToken) is { } begun)
                    return begun;
                await Task.Delay(_betweenAttempts, time, cancellationToken);
                if (await BegunAsync(taskDefinition, baseline, cancellationToken) is { } late)
                    return late;
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
        };
    }

    private async Task<StartedRollout?> BegunAsync(string taskDefinition, RolloutBaseline baseline, CancellationToken cancellationToken)
    {
        try
        {
            var described = await ecs.DescribeServiceAsync(cluster, service, cancellationToken);
            var primary = described.Primary();
            return primary.Text("taskDefinition") == taskDefinition && primary.Text("id") != baseline.PrimaryId
                ? Started(described, taskDefinition, baseline)
                : null;
        }
        catch (AwsServiceException lost) when (lost.IsAnswerLost)
        {
            return null;
        }
    }
}

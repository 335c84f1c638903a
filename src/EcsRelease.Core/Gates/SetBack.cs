using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;

namespace EcsRelease.Gates;

/// <param name="To">ARN of the revision to go back to; null = there is none.</param>
/// <param name="Result">How that deployment ended; null when it did not begin.</param>
/// <param name="Why">Why the service is not back; null = it is.</param>
internal sealed record SetBackEnd(string? To, RolloutResult? Result, string? Why);

/// <summary>Sets a service back to the revision that was live and complete before a release.</summary>
internal sealed class SetBack(AwsAccess access, IReporter reporter, TimeProvider time)
{
    // As long as ECS keeps service deployments.
    private static readonly TimeSpan _kept = TimeSpan.FromDays(90);

    /// <param name="before">The service as it was before the release; null = the release created it.</param>
    /// <param name="released">The rollout that succeeded.</param>
    /// <returns>ARN of the revision that went well before; null = none is known.</returns>
    /// <exception cref="AwsServiceException"/>
    public async Task<string?> FindAsync(LiveService? before, StartedRollout released, CancellationToken cancellationToken)
    {
        if (before is null)
            return null;
        // Behind a Classic Load Balancer there is no state, and nothing better to go by.
        if (before.RolloutState is null or "COMPLETED" && before.TaskDefinition.Length > 0 && before.TaskDefinition != released.TaskDefinition)
            return before.TaskDefinition;
        // What was PRIMARY then had failed, or was not complete yet.
        var listed = await access.Ecs.ListDeploymentsAsync(released.Cluster, released.Service, time.GetUtcNow() - _kept, cancellationToken);
        var succeeded = listed.Where(each => each.Text("status") == "SUCCESSFUL" && each.Time("createdAt") < released.UpdatedAt)
            .OrderByDescending(each => each.Time("createdAt")).Select(each => each.Text("targetServiceRevisionArn")).OfType<string>().Take(Paging.DeploymentsACall).ToList();
        var definitions = await access.Ecs.TaskDefinitionsOfAsync(succeeded, cancellationToken);
        return succeeded.Select(revision => definitions.GetValueOrDefault(revision)).OfType<string>().FirstOrDefault(found => found != released.TaskDefinition);
    }

    /// <param name="began">Told of the deployment as soon as it began; gives back how it is followed.</param>
    /// <param name="limit">How long the deployment is waited for.</param>
    public async Task<SetBackEnd> RunAsync(LiveService? before, StartedRollout released, Func<StartedRollout, StartedRollout> began, TimeSpan limit, CancellationToken cancellationToken)
    {
        string? to = null;
        try
        {
            to = await FindAsync(before, released, cancellationToken);
            if (to is null)
                return new(null, null, "no earlier revision is known to have succeeded.");
            var live = await LiveService.ReadAsync(access.Ecs, released.Cluster, released.Service, cancellationToken);
            if (live?.TaskDefinition != released.TaskDefinition)
                return new(to, null, $"another deployment made {live?.TaskDefinition.Split('/')[^1] ?? "nothing"} live in the meantime.");
            var update = new ServiceUpdate(access.Ecs, released.Cluster, released.Service, time);
            var baseline = await update.BaselineAsync(cancellationToken);
            var rollout = began(await update.UpdateAsync(to, force: false, baseline, cancellationToken));
            var result = await new RolloutWatch(access, reporter, time).WaitAsync(rollout, limit, cancellationToken);
            return new(to, result, result.Error?.Message);
        }
        catch (AwsServiceException refused)
        {
            return new(to, null, AwsErrors.Explain(refused, released.Service).Message);
        }
        catch (EcsReleaseException failed)
        {
            return new(to, null, failed.Message);
        }
    }
}

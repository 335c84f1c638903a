using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.Images.Ecr;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <param name="IsUnchanged">Nothing was to be done: the revision is live and complete.</param>
internal sealed record Updated(StartedRollout Rollout, bool IsUnchanged = false);

/// <summary>The update step: looks at the service once more and brings the revision into it, by one call.</summary>
internal sealed class UpdateStep(ReleaseOptions options, TargetDefaults defaults, ReleaseLog log, TimeProvider time)
{
    private static readonly TimeSpan AfterRace = TimeSpan.FromSeconds(2);

    /// <exception cref="EcsReleaseException">ECSR5004, 5110, 5240.</exception>
    /// <returns>Null when another release was faster: the plan is to be looked over.</returns>
    public async Task<Updated?> UpdateAsync(ReleasePlan plan, DesiredRevision desired, RegisteredRevision revision, PushedImage image, CancellationToken cancellationToken)
    {
        var ecs = plan.Access.Ecs;
        var update = new ServiceUpdate(ecs, plan.Cluster, plan.Service, time);
        var live = await LiveService.ReadAsync(ecs, plan.Cluster, plan.Service, cancellationToken);
        var isOurs = live?.TaskDefinition == revision.Arn;
        var runningDigest = isOurs ? await RunningDigest.OfAsync(ecs, live!, desired.Container, cancellationToken) : null;
        var action = UpdateDecision.Decide(live, plan.LiveService is not null, revision.Arn, image.Digest, runningDigest, options.Force);
        switch (action)
        {
            case UpdateAction.Gone:
                throw Errors.ServiceDeletedOutcome(plan.Service, live?.Status ?? "MISSING");
            case UpdateAction.Create:
                return await CreateAsync(plan, desired, revision, cancellationToken);
            case UpdateAction.Unchanged:
                return new(update.Attach(live!.Description, revision.Arn), IsUnchanged: true);
            case UpdateAction.Join or UpdateAction.Watch:
                log.Detail($"{revision.Arn} is live already; following its deployment");
                return new(update.Attach(live!.Description, revision.Arn));
            case UpdateAction.Conflict when options.OnConflict != ConflictPolicy.Supersede:
                return null;
        }
        // Its deployment failed since: what was agreed to was to follow it.
        if (plan.IsBinding && action == UpdateAction.ForceUpdate && plan.Update != UpdateAction.ForceUpdate)
            throw Errors.LiveStateMoved(plan.Service, $"{revision.Arn.Split('/')[^1]} is to be deployed anew, which was not planned", plan.PlanAnew);
        if (!isOurs && live!.TaskDefinition != plan.LiveService?.TaskDefinition)
            return null;
        var baseline = await update.BaselineAsync(cancellationToken);
        if (baseline.PrimaryId != live!.Description.Primary().Text("id"))
            return null;
        var started = await log.SendAsync(() => update.UpdateAsync(revision.Arn, action == UpdateAction.ForceUpdate, baseline, cancellationToken));
        if (started.Overtook is { } overtaken && overtaken != revision.Arn)
            await new OvertakenRelease(options, log, plan).PutBackAsync(update, started, overtaken, cancellationToken);
        return new(started);
    }

    private async Task<Updated?> CreateAsync(ReleasePlan plan, DesiredRevision desired, RegisteredRevision revision, CancellationToken cancellationToken)
    {
        var creation = new ServiceCreation(plan.Access.Ecs, plan.Cluster, plan.Service, time);
        try
        {
            return new(await log.SendAsync(() => creation.CreateAsync(options, desired, revision.Arn, defaults.Subnets, cancellationToken)));
        }
        catch (AwsServiceException e) when (ServiceCreation.IsRaceLost(e))
        {
            // DescribeServices may not know the other's service yet.
            await Task.Delay(AfterRace, time, cancellationToken);
            return null;
        }
    }
}

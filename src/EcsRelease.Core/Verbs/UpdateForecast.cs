using EcsRelease.Aws;
using EcsRelease.Deployments;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>Finds out by reads what the register and update steps are going to do.</summary>
internal sealed class UpdateForecast(ReleaseOptions options, IReporter reporter, TimeProvider time)
{
    public async Task<ReleasePlan> AddAsync(ReleasePlan plan, DesiredRevision desired, CancellationToken cancellationToken)
    {
        if (options.StopAfter == StopAfterStep.Push)
            return plan;
        var ecs = plan.Access.Ecs;
        // An image that is not built yet has no revision.
        if (plan.Image is { } image)
        {
            var existing = await new RevisionRegistry(ecs, plan.Cluster, plan.Service, reporter, time).FindAsync(
                desired, plan.ImageReference!, RevisionTags.Of(plan.Commit, image.Manifest.Digest, actor: null, desired), options.Tags, cancellationToken);
            plan = plan with { ExistingRevision = existing?.Arn };
        }
        if (options.StopAfter == StopAfterStep.Register)
            return plan;
        if (plan.LiveService is not { } live)
            return plan with { Update = UpdateAction.Create };
        if (!plan.RunsOurRevision)
            return plan with { Update = UpdateAction.Update };
        var running = await RunningDigest.OfAsync(ecs, live, desired.Container, cancellationToken);
        return plan with { Update = UpdateDecision.Decide(live, existed: true, plan.ExistingRevision!, plan.Image!.Manifest.Digest, running, options.Force) };
    }
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.Git;
using EcsRelease.Images.Ecr;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>The update step: looks at the service once more and brings the revision into it, by one call.</summary>
internal sealed class UpdateStep(ReleaseOptions options, TargetDefaults defaults, IReporter reporter, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <returns>The rollout to watch; null when the revision is live and complete.</returns>
    public async Task<StartedRollout?> UpdateAsync(ReleasePlan plan, DesiredRevision desired, RegisteredRevision revision, PushedImage image, CancellationToken cancellationToken)
    {
        var ecs = plan.Access.Ecs;
        var update = new ServiceUpdate(ecs, plan.Cluster, plan.Service, time);
        var limit = time.GetUtcNow() + options.Timeout;
        while (true)
        {
            var live = await LiveService.ReadAsync(ecs, plan.Cluster, plan.Service, cancellationToken);
            var runningDigest = live?.TaskDefinition == revision.Arn ? await RunningDigestAsync(ecs, live, desired.Container, cancellationToken) : null;
            var action = UpdateDecision.Decide(live, revision.Arn, image.Digest, runningDigest, options.Force);
            switch (action)
            {
                case UpdateAction.Create:
                    return await new ServiceCreation(ecs, plan.Cluster, plan.Service, time)
                        .CreateAsync(options, desired, revision.Arn, plan.Commit.Sha, defaults.Subnets, cancellationToken);
                case UpdateAction.Unchanged:
                    return null;
                case UpdateAction.Join or UpdateAction.Watch:
                    reporter.Detail($"{live!.TaskDefinition} is live already; following its deployment");
                    return update.Attach(live.Description, revision.Arn);
                case UpdateAction.Conflict when options.OnConflict != ConflictPolicy.Supersede:
                    await AwaitOtherAsync(plan, live!, limit, cancellationToken);
                    continue;
            }
            await RefuseMovedAsync(plan, live!, cancellationToken);
            var baseline = await update.BaselineAsync(cancellationToken);
            return await update.UpdateAsync(revision.Arn, action == UpdateAction.ForceUpdate, baseline, cancellationToken);
        }
    }

    private async Task AwaitOtherAsync(ReleasePlan plan, LiveService live, DateTimeOffset limit, CancellationToken cancellationToken)
    {
        if (options.OnConflict == ConflictPolicy.Fail || time.GetUtcNow() >= limit)
            throw Errors.ConflictInProgress(plan.Service, live.TaskDefinition);
        reporter.Progress(new($"waiting for the deployment of {live.TaskDefinition} to end"));
        await Task.Delay(Pause, time, cancellationToken);
    }

    /// <summary>Somebody released in the meantime: a newer commit is not to be undone (DESIGN 14, Conflict).</summary>
    private async Task RefuseMovedAsync(ReleasePlan plan, LiveService live, CancellationToken cancellationToken)
    {
        if (live.TaskDefinition == plan.LiveService?.TaskDefinition || options.AllowOlder || plan.Commit.Root is null)
            return;
        var revision = await plan.Access.Ecs.DescribeTaskDefinitionAsync(
            new() { ["taskDefinition"] = live.TaskDefinition, ["include"] = new JsonArray("TAGS") }, cancellationToken);
        if (RevisionTags.CommitOf(revision) is { } commit
            && await GitRepository.CompareAsync(plan.Commit.Root, plan.Commit.Sha, commit, cancellationToken) == Ancestry.Older)
            throw Errors.OlderCommit(plan.Commit.Sha, commit);
    }

    /// <summary>The digest that the service's current revision runs (DescribeServiceRevisions); null when unknown.</summary>
    private static async Task<string?> RunningDigestAsync(AmazonEcsClient ecs, LiveService live, string container, CancellationToken cancellationToken)
    {
        if ((live.Description["currentServiceRevisions"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault() is not { } current)
            return null;
        try
        {
            var answer = await ecs.DescribeServiceRevisionsAsync(
                new() { ["serviceRevisionArns"] = new JsonArray((string)current["arn"]!) }, cancellationToken);
            var images = answer["serviceRevisions"]?[0]?["containerImages"] as JsonArray ?? [];
            return (string?)images.FirstOrDefault(found => (string?)found?["containerName"] == container)?["imageDigest"];
        }
        catch (AwsServiceException e) when (e.IsAccessDenied)
        {
            // The definition alone decides then, as it did before service revisions existed.
            return null;
        }
    }
}

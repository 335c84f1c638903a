using System.Text.Json.Nodes;
using EcsRelease.Deployments;
using EcsRelease.Git;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>A release that began between this one's last look and its update, so that it was gone over unseen. One of a
/// newer commit is put back, as this one would have been refused a moment later.</summary>
internal sealed class OvertakenRelease(ReleaseOptions options, ReleaseLog log, ReleasePlan plan)
{
    /// <param name="started">This release's own deployment.</param>
    /// <param name="overtaken">ARN of the other's revision.</param>
    /// <exception cref="EcsReleaseException">ECSR5240: it was put back.</exception>
    /// <exception cref="Aws.AwsServiceException"/>
    public async Task PutBackAsync(ServiceUpdate update, StartedRollout started, string overtaken, CancellationToken cancellationToken)
    {
        if (options.AllowOlder || plan.Commit.Root is not { } root)
            return;
        var revision = await plan.Access.Ecs.DescribeTaskDefinitionAsync(
            new JsonObject { ["taskDefinition"] = overtaken, ["include"] = new JsonArray("TAGS") }, cancellationToken);
        if (RevisionTags.CommitOf(revision) is not { } commit
            || await GitRepository.CompareAsync(root, plan.Commit.Sha, commit, cancellationToken) != Ancestry.Older)
            return;
        var baseline = await update.BaselineAsync(cancellationToken);
        // Somebody goes on from here already.
        if (baseline.PrimaryId != started.PrimaryId)
            return;
        log.Detail($"{overtaken} of the newer commit {commit[..12]} was deployed at the same moment: it is put back");
        log.Started(await update.UpdateAsync(overtaken, force: false, baseline, cancellationToken));
        throw Errors.NewerPutBack(plan.Service, plan.Commit.Sha, overtaken.Split('/')[^1], commit, FollowCommand.For(options, plan.Service));
    }
}

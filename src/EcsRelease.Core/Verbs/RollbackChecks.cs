using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.History;
using EcsRelease.Images.Ecr;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>What an earlier release needs to run again, looked at before anything is changed.</summary>
/// <param name="list">The command that lists the releases.</param>
internal sealed class RollbackChecks(ReleaseOptions options, string service, TargetDefaults defaults, AwsAccess access, string list, WarningList log, TimeProvider time)
{
    /// <param name="described">DescribeTaskDefinition's answer for the revision, tags included.</param>
    /// <exception cref="EcsReleaseException">ECSR5215, 5217 to 5219.</exception>
    /// <exception cref="AwsServiceException"/>
    public async Task CheckAsync(LiveService live, KnownRevision to, JsonObject described, CancellationToken cancellationToken)
    {
        var definition = described.Object("taskDefinition") ?? [];
        if (definition.Text("status") is { } status and not "ACTIVE")
            throw Errors.RevisionNotActive(service, to.Name, status, Again(to), list);
        if (UsedContainer.Of(live.Description).Select(used => used.MissingIn(definition)).OfType<string>().FirstOrDefault() is { } lacks)
            throw Errors.RevisionDoesNotFit(service, to.Name, lacks, list);
        await CheckImagesAsync(to, described, cancellationToken);
        if (to.Newest.TaskDefinition == live.TaskDefinition)
            return;
        if (FamilyRevisions.FamilyOf(to.Newest.TaskDefinition) != FamilyRevisions.FamilyOf(live.TaskDefinition))
            log.Warn(Errors.OtherFamily(service, to.Name, live.TaskDefinition.Split('/')[^1]));
        if (to.EndedBadly)
            log.Warn(Errors.TargetEndedBadly(service, to.Name, to.EndText, to.Newest.StatusReason));
        if (to.Best.IsReleased is false)
            log.Warn(Errors.TargetMadeByHand(service, to.Name));
    }

    private async Task CheckImagesAsync(KnownRevision to, JsonObject described, CancellationToken cancellationToken)
    {
        var images = new ImagePresence(access, defaults, options.Repository, time);
        var released = LiveImage.ContainerOf(described, options.Container).Text("name");
        var containers = described.Object("taskDefinition").Objects("containerDefinitions").ToList();
        var found = await Task.WhenAll(containers.Select(container => FindAsync(images, container, cancellationToken)));
        foreach (var (container, manifest) in containers.Zip(found))
        {
            var (name, image) = (container.Text("name") ?? "", container.Text("image") ?? "");
            if (manifest.Unchecked is { } why)
                log.Warn(Errors.ImageUnchecked(name, image, why));
            else if (manifest.IsGone)
                throw Errors.ImagePruned(service, to.Name, name, image, name == released && Again(to) is { } again
                    ? $"Release its commit again, which brings image and revision back: {again}"
                    : $"Push it again, or choose another release: {list}");
            else if (name == released && to.Best.Digest is { } ran && !image.Contains('@', StringComparison.Ordinal) && !manifest.Holds(ran))
                throw Errors.ImageMoved(to.Name, image, ran, manifest.Manifest!.Digest, Again(to) is { } command ? $"Release its commit again: {command}" : $"Choose another release: {list}");
        }
    }

    private static async Task<FoundManifest> FindAsync(ImagePresence images, JsonObject container, CancellationToken cancellationToken) =>
        container.Object("repositoryCredentials") is null
            ? await images.FindAsync(container.Text("image") ?? "", cancellationToken)
            : new(null, "the credentials of its registry lie in a secret, which is not read");

    /// <summary>The commands that release its commit again; null when no commit holds what it was made of.</summary>
    private string? Again(KnownRevision to)
    {
        if (to.Best.Commit is not { Length: 40 or 64 } commit)
            return null;
        var tag = (to.Best.Image ?? "").Split('@')[0].Split(':')[^1];
        var suffix = tag.StartsWith(commit + "-", StringComparison.Ordinal) ? tag[(commit.Length + 1)..] : null;
        if (suffix?.StartsWith("dirty-", StringComparison.Ordinal) == true)
            return null;
        var deploy = FollowCommand.Of($"deploy --allow-older{(suffix is null ? "" : $" --tag-suffix {ShellWord.Of(suffix)}")}", options, service);
        return $"git switch --detach {commit[..12]} && {deploy}";
    }
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;
using EcsRelease.Images;
using EcsRelease.Images.Ecr;
using EcsRelease.Registry;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>EcsSkipUnchanged: finds out whether image and task definition are those that are live, commit and date aside.
/// Every doubt means that there is something to release.</summary>
internal sealed class UnchangedCheck(ReleaseOptions options, ReleaseLog log, TimeProvider time)
{
    /// <param name="built">Null when the plan found the image.</param>
    /// <returns>What is live and is left alone; null when there is something to release.</returns>
    public async Task<(GatedRelease Release, Updated Updated)?> FindAsync(ReleasePlan plan, BuiltImage? built, CancellationToken cancellationToken)
    {
        // For the live commit the ordinary way is strict already.
        if (!Applies(plan, options) || plan.LiveCommit == plan.Commit.Sha || plan.MissingLogGroup is not null)
            return null;
        try
        {
            return await CompareAsync(plan, built, cancellationToken);
        }
        catch (Exception unread) when (unread is AwsServiceException or EcsReleaseException)
        {
            log.Detail($"Whether anything changed could not be read, so it is released: {unread.Message}");
            return null;
        }
    }

    /// <summary>Whether it will be looked at; what the plan says of it.</summary>
    public static bool Applies(ReleasePlan plan, ReleaseOptions options) =>
        options is { SkipUnchanged: true, Force: false, StopAfter: StopAfterStep.None or StopAfterStep.Update } && plan.LiveRevision is not null;

    private async Task<(GatedRelease, Updated)?> CompareAsync(ReleasePlan plan, BuiltImage? built, CancellationToken cancellationToken)
    {
        var revision = plan.LiveRevision!;
        var live = await LiveService.ReadAsync(plan.Access.Ecs, plan.Cluster, plan.Service, cancellationToken);
        // Null where nothing proves that a release made it.
        if (live is null || live.TaskDefinition != plan.LiveService!.TaskDefinition || RevisionOrigin.ReleasedContainer(revision) is not { } container)
            return null;
        var reference = LiveImage.Of(revision, container) ?? "";
        var control = new EcrControl(plan.Access.Ecr, time);
        if (plan.Repository.TagOrDigestOf(reference) is not { } id || await control.FindAsync(plan.Repository, id, cancellationToken) is not { } manifest)
            return null;
        var running = await RunningDigest.OfAsync(plan.Access.Ecs, live, container, cancellationToken);
        var action = UpdateDecision.Decide(live, existed: true, live.TaskDefinition, manifest.Digest, running, force: false);
        if (running != manifest.Digest || action is not (UpdateAction.Unchanged or UpdateAction.Watch))
            return null;

        var traffic = new RegistryTraffic();
        var wanted = built?.Manifest ?? plan.Image!.Manifest;
        if (MediaTypes.IsIndex(manifest.MediaType) || MediaTypes.IsIndex(wanted.MediaType))
            return null;
        using var registry = await control.ConnectAsync(plan.Repository, traffic, cancellationToken);
        var config = await registry.GetBlobAsync(plan.Repository.Name, ExistingImageReader.ConfigOf(manifest), cancellationToken);
        var ours = built is null
            ? await registry.GetBlobAsync(plan.Repository.Name, ExistingImageReader.ConfigOf(wanted), cancellationToken)
            : await ReadAsync(built, cancellationToken);
        if (!ImageContent.AreSame((manifest, config), (wanted, ours)))
            return null;

        // A file may name the image in other containers, too.
        var desired = await TaskDefinitionSource.ResolveAsync(
            plan.Definition with { ExposedPorts = built?.ExposedPorts ?? plan.Image!.ExposedPorts, Image = reference }, cancellationToken);
        if (desired.Container != container || !IsLive(desired, plan))
            return null;

        var figures = new PushFigures("none", null, 0, 0, control.Requests + traffic.Requests + plan.ImageRequests);
        var pushed = new PushedImage(reference, manifest.Digest, built?.ExposedPorts ?? plan.Image!.ExposedPorts, figures);
        log.Skipped(plan, pushed, live.TaskDefinition);
        var rollout = new ServiceUpdate(plan.Access.Ecs, plan.Cluster, plan.Service, time).Attach(live.Description, live.TaskDefinition);
        return (
            new GatedRelease(plan, desired, new(live.TaskDefinition, plan.Definition.LiveDefinition.Integer("revision") ?? 0, Reused: true), pushed),
            new Updated(rollout, IsUnchanged: action == UpdateAction.Unchanged));
    }

    // The normal form leaves out our labels, which say what the next release may take away, and the tags.
    private static bool IsLive(DesiredRevision desired, ReleasePlan plan)
    {
        var live = plan.Definition.LiveDefinition!;
        return NormalForm.AreSame(desired.Definition, live, desired.Container)
            && RevisionLabels.AreSame(ContainerOf(desired.Definition), ContainerOf(live))
            && desired.OwnTags.OrderBy(tag => tag.Name, StringComparer.Ordinal).SequenceEqual(RevisionJson.OwnTags(plan.LiveRevision!).OrderBy(tag => tag.Name, StringComparer.Ordinal));

        JsonObject? ContainerOf(JsonObject definition) =>
            definition.Objects("containerDefinitions").FirstOrDefault(each => each.Text("name") == desired.Container);
    }

    private static async Task<byte[]> ReadAsync(BuiltImage built, CancellationToken cancellationToken)
    {
        var digest = ExistingImageReader.ConfigOf(built.Manifest).Digest;
        await using var content = await built.Blobs.First(blob => blob.Descriptor.Digest == digest).Open(cancellationToken);
        using var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.TaskDefinitions;

/// <summary>Whether a release made a revision, or somebody by hand: the console carries tags and labels of ours along to
/// a revision that is edited there, so the content decides where they have a hash of it.</summary>
internal static class RevisionOrigin
{
    /// <param name="described">DescribeTaskDefinition's answer, tags included.</param>
    /// <param name="before">The revision that was live before; null = there was none.</param>
    public static bool IsReleased(JsonObject described, JsonObject? before)
    {
        if (described.Object("taskDefinition") is not { } definition)
            return false;
        var tags = RevisionTags.Read(described);
        if (tags is { Hash: not null, HashVersion: NormalForm.Version })
            return ByTags(definition, tags) is not null;
        var known = before is null ? null : RevisionTags.CommitOf(before);
        if (tags.Commit is { } tagged && tagged != known)
            return true;
        if (definition.Objects("containerDefinitions").FirstOrDefault(RevisionLabels.IsFromProperties) is { } released)
            return !RevisionLabels.IsEdited(definition, released);
        // Without tag permission nothing of ours is on it but the image of another commit.
        return RevisionTags.CommitOf(described) is { } commit && commit != known;
    }

    /// <summary>The container that a release brought its image into, where a hash proves that the revision is as it was
    /// registered; null = somebody else made it, or nothing proves it.</summary>
    /// <param name="described">DescribeTaskDefinition's answer, tags included.</param>
    public static string? ReleasedContainer(JsonObject described)
    {
        if (described.Object("taskDefinition") is not { } definition)
            return null;
        var tags = RevisionTags.Read(described);
        if (tags is { Hash: not null, HashVersion: NormalForm.Version })
            return ByTags(definition, tags);
        return definition.Objects("containerDefinitions").FirstOrDefault(RevisionLabels.IsFromProperties) is { } released && !RevisionLabels.IsEdited(definition, released)
            ? released.Text("name")
            : null;
    }

    private static string? ByTags(JsonObject definition, RevisionTags tags) => definition.Objects("containerDefinitions")
        .FirstOrDefault(container => NormalForm.Hash(definition, container.Text("name") ?? "") == tags.Hash && HasImage(container.Text("image") ?? "", tags))
        .Text("name");

    // The hash leaves the image out. A name that says neither commit nor digest tells nothing.
    private static bool HasImage(string image, RevisionTags tags) =>
        image.Split('@') is [_, var digest] ? tags.Digest is null || tags.Digest == digest
        : ImageName.Commit(image) is not { } commit || tags.Commit is null || tags.Commit == commit;
}

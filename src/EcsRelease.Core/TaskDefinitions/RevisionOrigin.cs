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
        var containers = definition.Objects("containerDefinitions").ToList();
        var tags = RevisionTags.Read(described);
        if (tags is { Hash: { } hash, HashVersion: NormalForm.Version })
            return containers.Any(container => NormalForm.Hash(definition, container.Text("name") ?? "") == hash);
        var known = before is null ? null : RevisionTags.CommitOf(before);
        if (tags.Commit is { } tagged && tagged != known)
            return true;
        if (containers.FirstOrDefault(RevisionLabels.IsFromProperties) is { } released)
            return !RevisionLabels.IsEdited(definition, released);
        // Without tag permission nothing of ours is on it but the image of another commit.
        return RevisionTags.CommitOf(described) is { } commit && commit != known;
    }
}

using System.Text.Json.Nodes;
using EcsRelease.Registry;

namespace EcsRelease.Images;

/// <summary>An image by what a container gets of it: its layers (by diffID) and its whole config, but for what only tells
/// which commit it is and when that was made.</summary>
internal static class ImageContent
{
    // The version is the commit's tag.
    private static readonly string[] _ofCommit = [ImageLabels.Revision, ImageLabels.Version, ImageLabels.Created];

    /// <param name="first">Manifest and config of an image; an index is equal to nothing.</param>
    /// <exception cref="EcsReleaseException">ECSR3019.</exception>
    public static bool AreSame((Manifest Manifest, byte[] Config) first, (Manifest Manifest, byte[] Config) second) =>
        first.Manifest.MediaType == second.Manifest.MediaType
        && JsonNode.DeepEquals(Of(first), Of(second));

    private static JsonObject Of((Manifest Manifest, byte[] Config) image) => ManifestDocument.Read(image.Manifest.Digest, image.Config, root =>
    {
        root.Remove("created");
        foreach (var entry in (root["history"] as JsonArray ?? []).OfType<JsonObject>())
            entry.Remove("created");
        if (root["config"]?["Labels"] is JsonObject labels)
            foreach (var label in _ofCommit)
                labels.Remove(label);
        return root;
    });
}

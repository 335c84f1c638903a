using System.Text.Json.Nodes;
using EcsRelease.Registry;

namespace EcsRelease.Images;

/// <summary>Reads what a repository holds already from the bytes of its manifest and config.</summary>
public static class ExistingImageReader
{
    /// <summary>The manifest whose config tells about an image: itself, or of an index the child for the platform, else
    /// the first real one.</summary>
    /// <returns>Null when the manifest is no index and is to be used itself.</returns>
    /// <exception cref="EcsReleaseException">ECSR3019.</exception>
    public static Descriptor? ChildToRead(Manifest manifest, string platform)
    {
        if (!MediaTypes.IsIndex(manifest.MediaType))
            return null;
        var children = Images(manifest);
        return (children.FirstOrDefault(child => child.Platform == platform) ?? (children.Count > 0 ? children[0] : null))?.Descriptor
            ?? throw Errors.ManifestUnreadable($"'{manifest.Digest}'", "it is an index of no image");
    }

    /// <summary>The config blob that a manifest (not an index) names.</summary>
    /// <exception cref="EcsReleaseException">ECSR3019.</exception>
    public static Descriptor ConfigOf(Manifest manifest) =>
        ManifestDocument.Parse(manifest).Config ?? throw Errors.ManifestUnreadable($"'{manifest.Digest}'", "it is an index, not an image");

    /// <summary>Digests of config and layers of a manifest: blobs that its repository holds.</summary>
    /// <exception cref="EcsReleaseException">ECSR3019.</exception>
    public static IReadOnlySet<string> BlobsOf(Manifest manifest)
    {
        var document = ManifestDocument.Parse(manifest);
        return document.Layers.Append(document.Config).OfType<Descriptor>().Select(blob => blob.Digest).ToHashSet();
    }

    /// <param name="manifest">What the tag names: a manifest or an index.</param>
    /// <param name="config">The config of the manifest, or of the child that <see cref="ChildToRead"/> named.</param>
    /// <exception cref="EcsReleaseException">ECSR3019.</exception>
    public static ExistingImage Read(Manifest manifest, ReadOnlySpan<byte> config) => ManifestDocument.Read(manifest.Digest, config, root =>
    {
        var settings = root["config"] as JsonObject;
        IReadOnlyList<string> platforms = MediaTypes.IsIndex(manifest.MediaType)
            ? [.. Images(manifest).Select(child => child.Platform).Distinct()]
            : [$"{(string?)root["os"] ?? "linux"}/{(string?)root["architecture"]}"];
        return new ExistingImage(manifest, platforms,
            (settings?["Labels"] as JsonObject ?? []).ToDictionary(label => label.Key, label => (string?)label.Value ?? ""),
            [.. (settings?["ExposedPorts"] as JsonObject ?? []).Select(port => port.Key)]);
    });

    // Attestations are children too, of platform unknown/unknown.
    private static List<IndexChild> Images(Manifest index) =>
        [.. ManifestDocument.Parse(index).Children.Where(child => child.Platform != "unknown/unknown")];
}

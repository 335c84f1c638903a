using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsRelease.Registry;

/// <summary>A child of an index.</summary>
/// <param name="Platform">`linux/amd64`; `unknown/unknown` for attestations.</param>
public sealed record IndexChild(Descriptor Descriptor, string Platform);

/// <summary>A manifest or an index, read (image-spec manifest.md, image-index.md).</summary>
public sealed class ManifestDocument
{
    private ManifestDocument(IReadOnlyList<IndexChild> children, Descriptor? config, IReadOnlyList<Descriptor> layers)
    {
        Children = children;
        Config = config;
        Layers = layers;
    }

    /// <summary>Children of an index; empty for a manifest.</summary>
    public IReadOnlyList<IndexChild> Children { get; }

    /// <summary>Null for an index.</summary>
    public Descriptor? Config { get; }

    public IReadOnlyList<Descriptor> Layers { get; }

    /// <exception cref="EcsReleaseException">ECSR3019.</exception>
    public static ManifestDocument Parse(Manifest manifest) => Read(manifest.Digest, manifest.Bytes.Span, root =>
    {
        if (MediaTypes.IsIndex(manifest.MediaType))
            return new ManifestDocument([.. Array(root, "manifests").Select(Child)], null, []);
        return new ManifestDocument([], DescriptorOf(root["config"]), [.. Array(root, "layers").Select(DescriptorOf)]);
    });

    /// <summary>The media type that a document gives itself, or that its shape tells: OCI's may lack it.</summary>
    /// <exception cref="EcsReleaseException">ECSR3019.</exception>
    public static string MediaTypeOf(string what, ReadOnlySpan<byte> bytes) => Read(what, bytes, root =>
        (string?)root["mediaType"] ?? (root["manifests"] is null ? MediaTypes.OciManifest : MediaTypes.OciIndex));

    /// <summary>Reads a JSON object of a registry; whatever is wrong with it becomes ECSR3019.</summary>
    internal static T Read<T>(string what, ReadOnlySpan<byte> bytes, Func<JsonObject, T> read)
    {
        try
        {
            return read(JsonNode.Parse(bytes) as JsonObject ?? throw new JsonException("not a JSON object"));
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or FormatException)
        {
            throw Errors.ManifestUnreadable($"'{what}'", wrong.Message);
        }
    }

    private static IndexChild Child(JsonNode? node)
    {
        var platform = node?["platform"];
        return new IndexChild(DescriptorOf(node), $"{(string?)platform?["os"] ?? "unknown"}/{(string?)platform?["architecture"] ?? "unknown"}");
    }

    private static Descriptor DescriptorOf(JsonNode? node)
    {
        var digest = (string?)node?["digest"];
        // A digest becomes a part of paths and addresses.
        if (digest is null || !ImageReference.IsDigest(digest))
            throw new JsonException($"'{digest}' is not a sha256 digest");
        return new Descriptor((string?)node!["mediaType"] ?? "", digest, (long?)node["size"] ?? throw new JsonException("a descriptor has no size"));
    }

    private static JsonArray Array(JsonObject root, string name) => root[name]?.AsArray() ?? throw new JsonException($"no {name}");
}

using System.Text.Json;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Registry;

namespace EcsRelease.LocalAws.Ecr;

/// <summary>What a manifest refers to (OCI image-spec manifest.md and image-index.md, and Docker's schema 2).</summary>
/// <param name="Blobs">Digests of config and layers; empty for an index.</param>
/// <param name="Children">Digests of an index's manifests; empty for an image.</param>
internal sealed record Manifest(
    string Digest, string MediaType, JsonObject Content, IReadOnlyList<string> Blobs, IReadOnlyList<string> Children, long SizeInBytes)
{
    public const int SizeLimit = 4 * 1024 * 1024;

    /// <summary>Digest of the manifest that this one is about; null = none.</summary>
    public string? Subject => (Content["subject"] as JsonObject)?["digest"]?.GetValue<string>();

    public static readonly IReadOnlyList<string> ImageTypes =
        ["application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json"];

    public static readonly IReadOnlyList<string> IndexTypes =
        ["application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json"];

    /// <param name="declared">The media type that the caller gave beside the bytes; null = what the manifest says.</param>
    /// <exception cref="FormatException">Not a manifest; the message says why.</exception>
    public static Manifest Parse(ReadOnlySpan<byte> bytes, string? declared)
    {
        var content = Json(bytes);
        if (content["schemaVersion"] is not JsonValue version || !version.TryGetValue<int>(out var number) || number != 2)
            throw new FormatException("schemaVersion is not 2.");
        var written = Text(content, "mediaType");
        var mediaType = declared ?? written ?? throw new FormatException("The media type is missing.");
        if (written is not null && written != mediaType)
            throw new FormatException($"mediaType is \"{written}\", and \"{mediaType}\" was declared.");
        var digest = RegistryNames.DigestOf(bytes);
        if (IndexTypes.Contains(mediaType))
        {
            var children = Descriptors(content, "manifests");
            return new Manifest(digest, mediaType, content, [], [.. children.Select(child => child.Digest)], bytes.Length);
        }

        if (!ImageTypes.Contains(mediaType))
            throw new FormatException($"\"{mediaType}\" is not offered; expected one of {string.Join(", ", ImageTypes.Concat(IndexTypes))}.");
        var config = Descriptor(content["config"], "config");
        var layers = Descriptors(content, "layers");
        // Layers with URLs of their own (Windows base layers) are not pushed.
        var blobs = layers.Where(layer => !layer.IsForeign).Prepend(config).ToList();
        return new Manifest(digest, mediaType, content, [.. blobs.Select(blob => blob.Digest)], [], blobs.Sum(blob => blob.Size));
    }

    private static JsonObject Json(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonNode.Parse(bytes, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false }) as JsonObject
                ?? throw new FormatException("The manifest is not a JSON object.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"The manifest is not JSON: {e.Message}", e);
        }
    }

    private static List<(string Digest, long Size, bool IsForeign)> Descriptors(JsonObject content, string name) =>
        content[name] is JsonArray items ? [.. items.Select(item => Descriptor(item, name))] : throw new FormatException($"\"{name}\" is missing.");

    private static (string Digest, long Size, bool IsForeign) Descriptor(JsonNode? node, string where)
    {
        if (node is not JsonObject descriptor || Text(descriptor, "digest") is not { } digest || !RegistryNames.IsDigest(digest))
            throw new FormatException($"A descriptor in \"{where}\" has no sha256 digest.");
        if (descriptor["size"] is not JsonValue value || !value.TryGetValue<long>(out var size) || size < 0)
            throw new FormatException($"The descriptor {digest} has no size.");
        return (digest, size, descriptor["urls"] is JsonArray { Count: > 0 });
    }

    private static string? Text(JsonObject content, string name) =>
        content[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}

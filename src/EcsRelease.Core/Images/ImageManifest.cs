using System.Text.Json;
using System.Text.Json.Nodes;
using EcsRelease.Registry;

namespace EcsRelease.Images;

/// <summary>Writes image manifests (image-spec manifest.md; Docker image manifest v2, schema 2).</summary>
internal static class ImageManifest
{
    /// <param name="format">`OCI`, `Docker`, or empty: as the base.</param>
    /// <exception cref="EcsReleaseException">ECSR3012.</exception>
    public static bool IsDocker(string format, BaseImage baseImage) => format.ToUpperInvariant() switch
    {
        "" => baseImage.IsDocker,
        "OCI" => false,
        "DOCKER" => true,
        _ => throw Errors.BadContainerSetting("ContainerImageFormat", $"'{format}' is neither OCI nor Docker"),
    };

    public static Manifest Build(Descriptor config, IEnumerable<Descriptor> layers, bool isDocker)
    {
        var mediaType = isDocker ? MediaTypes.DockerManifest : MediaTypes.OciManifest;
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = mediaType,
            ["config"] = ToJson(config),
            ["layers"] = new JsonArray([.. layers.Select(ToJson)]),
        }, ManifestJson);
        return new Manifest(mediaType, Sha256.Digest(bytes), bytes);
    }

    private static JsonSerializerOptions ManifestJson { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonNode ToJson(Descriptor descriptor) => new JsonObject
    {
        ["mediaType"] = descriptor.MediaType,
        ["digest"] = descriptor.Digest,
        ["size"] = descriptor.Size,
    };
}

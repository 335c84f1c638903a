namespace EcsRelease.Registry;

/// <summary>Media types of OCI image-spec media-types.md and of Docker's image manifest v2, schema 2.</summary>
public static class MediaTypes
{
    public const string OciIndex = "application/vnd.oci.image.index.v1+json";
    public const string OciManifest = "application/vnd.oci.image.manifest.v1+json";
    public const string OciConfig = "application/vnd.oci.image.config.v1+json";
    public const string OciLayerGzip = "application/vnd.oci.image.layer.v1.tar+gzip";
    public const string DockerIndex = "application/vnd.docker.distribution.manifest.list.v2+json";
    public const string DockerManifest = "application/vnd.docker.distribution.manifest.v2+json";
    public const string DockerConfig = "application/vnd.docker.container.image.v1+json";
    public const string DockerLayerGzip = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    private const string OciLayer = "application/vnd.oci.image.layer.v1.tar";
    private const string DockerLayer = "application/vnd.docker.image.rootfs.diff.tar";

    /// <summary>What a pull accepts, best first.</summary>
    public static IReadOnlyList<string> Manifests { get; } = [OciIndex, DockerIndex, OciManifest, DockerManifest];

    public static bool IsIndex(string mediaType) => mediaType is OciIndex or DockerIndex;

    public static bool IsDocker(string mediaType) => mediaType.StartsWith("application/vnd.docker.", StringComparison.Ordinal);

    /// <summary>The layer's type as a manifest of the other family names it; unknown ones stay.</summary>
    public static string Layer(string mediaType, bool docker) => (mediaType, docker) switch
    {
        (OciLayerGzip, true) => DockerLayerGzip,
        (OciLayer, true) => DockerLayer,
        (DockerLayerGzip, false) => OciLayerGzip,
        (DockerLayer, false) => OciLayer,
        _ => mediaType,
    };
}

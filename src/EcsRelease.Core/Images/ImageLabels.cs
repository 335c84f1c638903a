namespace EcsRelease.Images;

/// <summary>Labels of an image (OCI image-spec annotations.md, and ours).</summary>
internal static class ImageLabels
{
    public const string Revision = "org.opencontainers.image.revision";
    public const string Source = "org.opencontainers.image.source";
    public const string Created = "org.opencontainers.image.created";
    public const string Title = "org.opencontainers.image.title";
    public const string Version = "org.opencontainers.image.version";
}

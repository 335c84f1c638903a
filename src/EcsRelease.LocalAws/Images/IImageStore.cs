using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.Images;

/// <summary>An image as a task needs it: its digest, its config and its layers from bottom to top.</summary>
/// <param name="Digest">Digest of the manifest that was resolved, `sha256:…`; an index's child for the wanted architecture.</param>
/// <param name="RequestedDigest">Digest of the manifest that the reference names (the index itself, when it is one).</param>
/// <param name="Config">The image config document (OCI image-spec config.md).</param>
public sealed record StoredImage(string Digest, string RequestedDigest, JsonObject Config, IReadOnlyList<StoredLayer> Layers);

/// <param name="MediaType">Tells the compression: `…tar+gzip`, `…tar`.</param>
/// <param name="DiffId">Digest of the uncompressed tar.</param>
public sealed record StoredLayer(string Digest, string DiffId, string MediaType, long Size);

/// <summary>Images of the local ECR, read side. References are as a task definition writes them:
/// HOST/REPOSITORY:TAG, HOST/REPOSITORY@sha256:…, or HOST/REPOSITORY:TAG@sha256:….</summary>
public interface IImageStore
{
    /// <summary>The registry's own host and port, as repositoryUri shows it.</summary>
    string RegistryHost { get; }

    /// <summary>Digest of the manifest that the reference names, an index or an image.</summary>
    /// <exception cref="ImageNotFoundException">As <see cref="Resolve"/>, but for platforms.</exception>
    string DigestOf(string reference);

    /// <param name="architecture">`amd64` or `arm64`: which child of an index. An image that is no index is given whatever it is made for, as on AWS.</param>
    /// <exception cref="ImageNotFoundException">No such repository, tag, digest or platform; the message is worded as ECS words a CannotPullContainerError.</exception>
    StoredImage Resolve(string reference, string architecture);

    Stream OpenBlob(string digest);
}

/// <param name="inRepository">A repository of this registry is named and there, and what is missing is missing in it.</param>
public sealed class ImageNotFoundException(string message, bool inRepository = false) : Exception(message)
{
    public bool InRepository { get; } = inRepository;
}

using EcsRelease.Registry;

namespace EcsRelease.Images;

/// <summary>Makes an image from what was published. Nothing is pushed here.</summary>
public interface IImageBuilder
{
    /// <summary>`layers` or `dockerfile`.</summary>
    string Name { get; }

    /// <exception cref="EcsReleaseException">ECSR3xxx.</exception>
    Task<BuiltImage> BuildAsync(ImagePlan plan, CancellationToken cancellationToken);
}

/// <summary>What an image is to be.</summary>
public sealed record ImagePlan
{
    public required PublishedProject Project { get; init; }

    /// <summary>The base; null = the SDK's ContainerBaseImage; `local` = made from this machine's runtime.</summary>
    public string? BaseImage { get; init; }

    /// <summary>Fall back to the local base, with a warning, when the base cannot be pulled.</summary>
    public bool MayUseLocalBase { get; init; }

    /// <summary>`linux/amd64` or `linux/arm64`.</summary>
    public required string Platform { get; init; }

    /// <summary>`created` of config, label and history. Never now.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Ours and the user's, e.g. org.opencontainers.image.revision, ecs-release.inputs.</summary>
    public required IReadOnlyList<NameValue> Labels { get; init; }
}

/// <summary>An image ready to be pushed: manifest bytes, and a blob for each descriptor in it.</summary>
public sealed record BuiltImage
{
    public required Manifest Manifest { get; init; }

    /// <summary>`linux/amd64`.</summary>
    public required string Platform { get; init; }

    /// <summary>The base with its digest, e.g. `mcr.microsoft.com/dotnet/aspnet:10.0@sha256:…`; `local@sha256:…`.</summary>
    public required string Base { get; init; }

    /// <summary>Every blob of the manifest, config included, in upload order.</summary>
    public required IReadOnlyList<ImageBlob> Blobs { get; init; }

    /// <summary>Ports of the image config, e.g. `8080/tcp`.</summary>
    public required IReadOnlyList<string> ExposedPorts { get; init; }

    public IReadOnlyList<Notice> Warnings { get; init; } = [];
}

/// <param name="Open">Opens the bytes anew: from memory, the layer store, or the base's registry as a stream.</param>
public sealed record ImageBlob(Descriptor Descriptor, Func<CancellationToken, Task<Stream>> Open);

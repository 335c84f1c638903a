using EcsRelease.Registry;

namespace EcsRelease.Images;

/// <summary>An image that the repository holds already.</summary>
/// <param name="Platforms">`linux/amd64` …</param>
/// <param name="Labels">Labels of its config (of the first child of an index).</param>
/// <param name="ExposedPorts">`8080/tcp` …</param>
public sealed record ExistingImage(
    Manifest Manifest,
    IReadOnlyList<string> Platforms,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<string> ExposedPorts);

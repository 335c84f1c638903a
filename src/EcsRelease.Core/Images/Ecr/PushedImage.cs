namespace EcsRelease.Images.Ecr;

/// <summary>The image of a release, in its repository.</summary>
/// <param name="Reference">As the revision names it: `HOST/NAME:TAG` or `HOST/NAME@sha256:…`.</param>
/// <param name="Digest">Digest of its manifest, read back from the registry.</param>
/// <param name="ExposedPorts">`8080/tcp` …</param>
public sealed record PushedImage(string Reference, string Digest, IReadOnlyList<string> ExposedPorts, PushFigures Figures);

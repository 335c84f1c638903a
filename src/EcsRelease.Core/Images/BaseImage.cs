using System.Text.Json.Nodes;
using EcsRelease.Registry;

namespace EcsRelease.Images;

/// <summary>The image that ours stands on.</summary>
/// <param name="Name">`REGISTRY/NAME:TAG@sha256:…`, or `local@sha256:…`.</param>
/// <param name="Digest">What its tag names: of the index where there is one (image-spec annotations.md, base.digest).</param>
/// <param name="IsDocker">Docker media types instead of OCI's.</param>
/// <param name="Config">Its image config; a copy of one's own may be changed.</param>
/// <param name="Layers">Bottom first, with the bytes of each.</param>
internal sealed record BaseImage(string Name, string Digest, bool IsDocker, JsonObject Config, IReadOnlyList<ImageBlob> Layers);

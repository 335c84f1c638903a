namespace EcsRelease.Verification;

/// <summary>An image as its registry describes it.</summary>
/// <param name="Platforms">`linux/amd64` …</param>
/// <param name="Bytes">Compressed bytes of all layers, of the child for the tasks' platform where there are several.</param>
/// <param name="LargestLayer">Compressed bytes.</param>
internal sealed record ImageFacts(IReadOnlyList<string> Platforms, long Bytes, long LargestLayer);

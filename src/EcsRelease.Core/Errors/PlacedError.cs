namespace EcsRelease;

/// <summary>An error and the place in a file that it is about.</summary>
public sealed record PlacedError(EcsReleaseException Error, string File, int Line = 0);

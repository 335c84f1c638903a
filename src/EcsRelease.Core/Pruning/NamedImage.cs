using EcsRelease.Registry;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Pruning;

/// <summary>What an image's name says, the host aside: a repository that is replicated has the same name elsewhere, and
/// its images the same digests.</summary>
/// <param name="Repository">The path without the host.</param>
/// <param name="Tag">`latest` where neither tag nor digest is named.</param>
internal sealed record NamedImage(string Repository, string? Tag, string? Digest)
{
    public static NamedImage Of(string image)
    {
        var repository = ImageName.Repository(image);
        var rest = image.Split('@')[0][repository.Length..];
        var digest = image.Split('@') is [_, var named] && ImageReference.IsDigest(named) ? named : null;
        return new(PathOf(repository), rest.Length > 1 ? rest[1..] : digest is null ? "latest" : null, digest);
    }

    /// <summary>Of `HOST/NAME`: the name.</summary>
    public static string PathOf(string repository)
    {
        var slash = repository.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && repository[..slash] is var host && (host.Contains('.', StringComparison.Ordinal) || host.Contains(':', StringComparison.Ordinal) || host == "localhost")
            ? repository[(slash + 1)..]
            : repository;
    }
}

using System.Text.Json.Nodes;

namespace EcsRelease.Images.Ecr;

/// <summary>The repository that a release pushes to.</summary>
public sealed record EcrRepository
{
    public required string Name { get; init; }

    /// <summary>The account that owns it (registryId on every call); null = the caller's.</summary>
    public string? RegistryId { get; init; }

    /// <summary>`HOST/NAME`, from repositoryUri; null while it does not exist.</summary>
    public string? Uri { get; init; }

    /// <summary>DescribeRepositories' answer; null while it does not exist.</summary>
    public JsonObject? Description { get; init; }

    /// <summary>True when an image under <paramref name="tag"/> can never be replaced (API page
    /// PutImageTagMutability: MUTABLE, IMMUTABLE, and both _WITH_EXCLUSION with wildcard filters).</summary>
    public bool MakesImmutable(string tag)
    {
        var mutability = (string?)Description?["imageTagMutability"] ?? "MUTABLE";
        var excluded = Description?["imageTagMutabilityExclusionFilters"] is JsonArray filters
            && filters.Any(filter => Matches((string?)filter?["filter"] ?? "", tag));
        return mutability.StartsWith("IMMUTABLE", StringComparison.Ordinal) != (mutability.EndsWith("_WITH_EXCLUSION", StringComparison.Ordinal) && excluded);
    }

    /// <summary>A filter's `*` stands for any characters, none too.</summary>
    private static bool Matches(string filter, string tag) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(filter.Replace("?", "\\?", StringComparison.Ordinal), tag, ignoreCase: false);
}

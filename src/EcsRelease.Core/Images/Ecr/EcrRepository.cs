using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Registry;

namespace EcsRelease.Images.Ecr;

/// <summary>The repository that a release pushes to.</summary>
public sealed record EcrRepository
{
    private const int MostFilters = 5;

    public required string Name { get; init; }

    /// <summary>The account that owns it (registryId on every call); null = the caller's.</summary>
    public string? RegistryId { get; init; }

    /// <summary>`HOST/NAME`, from repositoryUri; null while it does not exist.</summary>
    public string? Uri { get; init; }

    /// <summary>DescribeRepositories' answer; null while it does not exist.</summary>
    public JsonObject? Description { get; init; }

    private string Mutability => (string?)Description?["imageTagMutability"] ?? "MUTABLE";

    private IEnumerable<string> Filters =>
        (Description?["imageTagMutabilityExclusionFilters"] as JsonArray ?? []).Select(filter => (string?)filter?["filter"]).OfType<string>();

    /// <summary>True when an image under <paramref name="tag"/> can never be replaced (API page
    /// PutImageTagMutability: MUTABLE, IMMUTABLE, and both _WITH_EXCLUSION with wildcard filters).</summary>
    public bool MakesImmutable(string tag) =>
        Mutability.StartsWith("IMMUTABLE", StringComparison.Ordinal)
            != (Mutability.EndsWith("_WITH_EXCLUSION", StringComparison.Ordinal) && Filters.Any(filter => Matches(filter, tag)));

    /// <summary>What an image's name in a task definition has after this repository: the digest where there is one, else
    /// the tag; null when it names another repository, or neither.</summary>
    internal string? TagOrDigestOf(string image)
    {
        if (Uri is null || !image.StartsWith(Uri, StringComparison.Ordinal) || image.Length <= Uri.Length + 1 || image[Uri.Length] is not (':' or '@'))
            return null;
        var id = image[(Uri.Length + 1)..].Split('@')[^1];
        return ImageReference.IsDigest(id) || ImageReference.IsTag(id) ? id : null;
    }

    internal EcsReleaseException CannotMove(string tag, IReadOnlyList<string> movingTags) => Errors.MovingTagImmutable(tag, Name, MakeImmutableCommand(movingTags));

    /// <summary>The command that makes every tag immutable but these; those that are excluded already stay so.</summary>
    internal string MakeImmutableCommand(IReadOnlyList<string> movingTags)
    {
        var kept = Mutability == "IMMUTABLE_WITH_EXCLUSION" ? Filters.ToList() : [];
        List<string> filters = [.. kept, .. movingTags.Where(tag => !kept.Any(filter => Matches(filter, tag)))];
        var command = $"aws ecr put-image-tag-mutability --repository-name {Name}"
            + (RegistryId is null ? "" : $" --registry-id {RegistryId}")
            + (EcrAddress.Parse(Uri)?.Region is { } region ? $" --region {region}" : "");
        if (filters.Count == 0)
            return command + " --image-tag-mutability IMMUTABLE";
        // Quoted: a shell would take * for files.
        return command + " --image-tag-mutability IMMUTABLE_WITH_EXCLUSION --image-tag-mutability-exclusion-filters "
            + string.Join(' ', filters.Select(filter => $"'filterType=WILDCARD,filter={filter}'"))
            + (filters.Count > MostFilters ? $" (ECR takes {MostFilters} filters at most: join some of them by a *)" : "");
    }

    /// <summary>Tasks of one account pull from another's repository only when its policy lets them. A live image of the
    /// repository shows that it does.</summary>
    /// <param name="account">Where the service runs.</param>
    /// <param name="live">Image names of the live revision.</param>
    internal void WarnOfPull(string account, string region, IEnumerable<string> live, Action<Notice> warn)
    {
        if (Uri is not null && RegistryId is { } owner && owner != account && !live.Any(image => TagOrDigestOf(image) is not null))
            warn(Errors.RepositoryOfOtherAccount(Name, owner, account, EcrAddress.Parse(Uri)?.Region ?? region));
    }

    /// <summary>A filter's `*` stands for any characters, none too.</summary>
    private static bool Matches(string filter, string tag) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(filter.Replace("?", "\\?", StringComparison.Ordinal), tag, ignoreCase: false);
}

namespace EcsRelease.Pruning;

/// <summary>An image, index or artifact of the repository.</summary>
/// <param name="Size">Compressed, bytes; layers are shared, so the sum of several is more than what is freed.</param>
/// <param name="Children">Digests that an index names.</param>
/// <param name="Subject">The digest of which this is a referrer (a signature, an SBOM).</param>
internal sealed record StoredImage(
    string Digest, IReadOnlyList<string> Tags, long Size, DateTimeOffset? PushedAt, bool IsIndex, IReadOnlyList<string> Children, string? Subject)
{
    /// <summary>Of a tag that only says whose referrer it is: `sha256-HEX`, with `.sig`, `.att` or `.sbom` of cosign
    /// (distribution-spec, "Referrers Tag Schema").</summary>
    public static string? SubjectOfTag(string tag) =>
        tag.StartsWith("sha256-", StringComparison.Ordinal) && tag.Length >= 71 && tag[7..71].All(char.IsAsciiHexDigitLower) && (tag.Length == 71 || tag[71] == '.')
            ? "sha256:" + tag[7..71]
            : null;

    /// <summary>All that it is a referrer of.</summary>
    public IEnumerable<string> Subjects => new[] { Subject }.Concat(Tags.Select(SubjectOfTag)).OfType<string>().Distinct();
}

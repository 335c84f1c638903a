using System.Text.RegularExpressions;

namespace EcsRelease.Images;

/// <summary>Image tags of ours, and names made from a project's.</summary>
internal static partial class ImageTags
{
    /// <summary>The commit that a tag of ours names (`SHA`, `SHA-dirty-HASH`, `SHA-SUFFIX`); null for others.</summary>
    public static string? CommitOf(string imageReference) =>
        CommitTag().Match(imageReference) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("(?::|^)([0-9a-f]{40}|[0-9a-f]{64})(?:-[A-Za-z0-9._-]+)?(?:@sha256:[0-9a-f]{64})?$")]
    private static partial Regex CommitTag();
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace EcsRelease.History;

/// <summary>What a person typed to name a release, by its form; what it means only a service's history tells.</summary>
internal sealed partial record WantedRelease(string Text)
{
    /// <summary>`family:7` or the ARN of a revision.</summary>
    public bool IsRevision => Revision().IsMatch(Text);

    /// <summary>`7` of the service's family; it may be the start of a commit as well.</summary>
    public int? Number => Text.Length < 10 && Text.All(char.IsAsciiDigit) && int.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;

    /// <summary>`sha256:` and 4 digits or more.</summary>
    public bool IsDigest => Digest().IsMatch(Text);

    /// <summary>4 hex digits or more.</summary>
    public bool IsCommit => Commit().IsMatch(Text);

    /// <summary>The tag of an image of a commit: SHA-SUFFIX, SHA-dirty-HASH.</summary>
    public bool IsTag => Tag().IsMatch(Text);

    [GeneratedRegex("^(arn:[^:]+:ecs:[^:]*:[^:]*:task-definition/)?[A-Za-z0-9_-]{1,255}:[1-9][0-9]{0,8}$")]
    private static partial Regex Revision();

    [GeneratedRegex("^sha256:[0-9a-fA-F]{4,64}$")]
    private static partial Regex Digest();

    [GeneratedRegex("^[0-9a-fA-F]{4,64}$")]
    private static partial Regex Commit();

    [GeneratedRegex("^([0-9a-f]{40}|[0-9a-f]{64})-[A-Za-z0-9_.-]+$")]
    private static partial Regex Tag();
}

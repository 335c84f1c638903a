using System.Text.RegularExpressions;

namespace EcsRelease.Deployments;

/// <summary>Texts of AWS that differ only in ids, addresses and counts of retries say the same.</summary>
internal static partial class AlikeText
{
    /// <summary>The text with what differs from task to task left out: a key to group by.</summary>
    public static string Key(string? text) => text is null ? "" : Ids().Replace(text, "*");

    // Task and network interface ids, request ids, instance ids, addresses, `retried 3 time(s)`.
    [GeneratedRegex(@"\b(?:(?:eni-|i-)?[0-9a-f]{8,}(?:-[0-9a-f]{4,})*|\d+\.\d+\.\d+\.\d+(?::\d+)?)\b|\(task [^)]+\)|\(port \d+\)|\d+ time\(s\)", RegexOptions.CultureInvariant)]
    private static partial Regex Ids();
}

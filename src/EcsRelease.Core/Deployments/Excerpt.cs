using System.Text.RegularExpressions;

namespace EcsRelease.Deployments;

/// <summary>A text of AWS or of a container's log as a part of one line. The evidence has the whole of it.</summary>
internal static partial class Excerpt
{
    private const int Start = 90;
    private const int End = 110;

    /// <summary>The text on one line, less `(service NAME) `, a closing `For more information …` and its full stop; the
    /// middle of a long one is left out.</summary>
    public static string Of(string text)
    {
        var line = InertText.Of(Breaks().Replace(Around().Replace(text, ""), " ").Trim().TrimEnd('.'));
        if (line.Length <= Start + End)
            return line;
        var (start, end) = (line.LastIndexOf(' ', Start, Start / 2), line.IndexOf(' ', line.Length - End, End / 2));
        return $"{line[..(start < 0 ? Start : start)]} … {line[(end < 0 ? line.Length - End : end + 1)..]}";
    }

    // Whatever moves a terminal's cursor or begins a line of its own.
    [GeneratedRegex(@"[\s\p{Cc}]+")]
    private static partial Regex Breaks();

    [GeneratedRegex(@"^\(service [^)]+\) |\s*For more information, see [^.]*\.?$")]
    private static partial Regex Around();
}

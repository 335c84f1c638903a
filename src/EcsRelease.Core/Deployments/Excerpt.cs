using System.Text.RegularExpressions;

namespace EcsRelease.Deployments;

/// <summary>A text of AWS or of a container's log as a part of one line. The evidence has the whole of it.</summary>
internal static partial class Excerpt
{
    private const int Start = 90;
    private const int End = 110;

    /// <summary>The text less `(service NAME) ` and its full stop, on one line; the middle of a long one is left out.</summary>
    public static string Of(string text)
    {
        var line = Breaks().Replace(Prefix().Replace(text, ""), " ").Trim().TrimEnd('.');
        line = InertText.Of(line);
        return line.Length > Start + End + 3 ? $"{line[..Start].TrimEnd()} … {line[^End..].TrimStart()}" : line;
    }

    // Whatever moves a terminal's cursor or begins a line of its own.
    [GeneratedRegex(@"[\s\p{Cc}]+")]
    private static partial Regex Breaks();

    [GeneratedRegex(@"^\(service [^)]+\) ")]
    private static partial Regex Prefix();
}

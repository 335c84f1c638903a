using System.Text.RegularExpressions;

namespace EcsRelease.TaskDefinitions.Files;

/// <summary>Tells YAML from JSON with a mistake in it: other tools take task definitions as YAML.</summary>
internal static partial class Yaml
{
    /// <summary>The first line that says something begins a document, a list, or a member without quotes or braces.</summary>
    public static bool IsLikely(string text) => Start().IsMatch(Lines(text).ElementAtOrDefault(FirstLine(text)) ?? "");

    /// <summary>Of the first line that is neither empty nor a comment, from 0.</summary>
    public static int FirstLine(string text)
    {
        var index = Array.FindIndex(Lines(text), line => line.Trim() is { Length: > 0 } content && content[0] != '#');
        return Math.Max(0, index);
    }

    private static string[] Lines(string text) => text.Split('\n');

    [GeneratedRegex(@"^\s*(---|%YAML|- |['""]?[A-Za-z][\w.-]*['""]?\s*:(\s|$))")]
    private static partial Regex Start();
}

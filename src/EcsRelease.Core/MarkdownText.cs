namespace EcsRelease;

/// <summary>Text of any origin in GitHub's Markdown.</summary>
internal static class MarkdownText
{
    // docs.github.com, basic writing and formatting syntax: these begin formatting, links, tables, headings or HTML.
    private const string Special = @"\`*_[]#|~!";

    /// <summary>One line that shows as it is.</summary>
    public static string Of(string text) => string.Concat(text.ReplaceLineEndings(" ").Select(sign => sign switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        _ when Special.Contains(sign, StringComparison.Ordinal) => $"\\{sign}",
        _ => sign.ToString(),
    }));

    /// <summary>Lines as a block of code; no line of them can end it.</summary>
    public static string Code(IReadOnlyList<string> lines)
    {
        var fence = new string('`', Math.Max(3, lines.Select(LongestRun).DefaultIfEmpty().Max() + 1));
        return string.Join('\n', [fence + "text", .. lines.Select(line => line.ReplaceLineEndings(" ")), fence]);
    }

    private static int LongestRun(string line)
    {
        var (longest, run) = (0, 0);
        foreach (var sign in line)
            longest = Math.Max(longest, run = sign == '`' ? run + 1 : 0);
        return longest;
    }
}

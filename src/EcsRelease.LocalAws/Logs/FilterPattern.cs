using System.Text.RegularExpressions;

namespace EcsRelease.LocalAws.Logs;

/// <summary>
/// The unstructured form of CloudWatch's filter patterns: every term must occur, "…" is one term, `-term` must
/// not, of `?term`s one must (CloudWatch Logs User Guide, "Filter pattern syntax"). JSON patterns are not offered.
/// </summary>
internal sealed partial class FilterPattern
{
    private readonly List<string> all = [];
    private readonly List<string> none = [];
    private readonly List<string> any = [];

    public FilterPattern(string pattern)
    {
        foreach (Match term in Term().Matches(pattern))
        {
            var text = term.Groups["quoted"].Success ? term.Groups["quoted"].Value : term.Groups["plain"].Value;
            (term.Groups["sign"].Value switch { "-" => none, "?" => any, _ => all }).Add(text);
        }
    }

    public bool Matches(string message) =>
        all.All(term => message.Contains(term, StringComparison.Ordinal))
        && !none.Any(term => message.Contains(term, StringComparison.Ordinal))
        && (any.Count == 0 || any.Any(term => message.Contains(term, StringComparison.Ordinal)));

    [GeneratedRegex("""(?<sign>[-?]?)(?:"(?<quoted>[^"]*)"|(?<plain>[^\s"]+))""")]
    private static partial Regex Term();
}

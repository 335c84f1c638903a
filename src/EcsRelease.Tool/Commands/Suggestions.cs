using System.CommandLine;

namespace EcsRelease.Tool.Commands;

/// <summary>What may follow what is typed, for the completion of every shell: verbs, flags, words that an option takes, codes.
/// Nothing where a file or a name is meant, so that the shell offers files.</summary>
internal static class Suggestions
{
    /// <param name="line">The command line up to the cursor, the program's name first.</param>
    /// <returns>Whole words; of `--flag=WORD` with the flag.</returns>
    public static IReadOnlyList<string> For(RootCommand root, string line)
    {
        var parts = line.TrimStart().Split(s_blanks, 2, StringSplitOptions.None);
        if (parts.Length < 2)
            return [];
        var typed = parts[1].TrimStart();
        var word = typed[(typed.LastIndexOfAny(s_blanks) + 1)..];
        var flag = "";
        if (word.StartsWith("--", StringComparison.Ordinal) && word.IndexOf('=', StringComparison.Ordinal) is var at and > 0)
        {
            flag = word[..(at + 1)];
            typed = $"{typed[..^word.Length]}{word[..at]} {word[(at + 1)..]}";
            word = word[(at + 1)..];
        }
        var parsed = root.Parse(typed);
        if (parsed.CommandResult.Command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Any(token => token != word))
            return [];
        return
        [
            .. parsed.GetCompletions(typed.Length)
                .Select(item => item.InsertText ?? item.Label)
                .Where(text => text.StartsWith(word, StringComparison.Ordinal) && IsOffered(text, word))
                .Select(text => flag + text)
                .Distinct().Order(StringComparer.Ordinal),
        ];
    }

    private static readonly char[] s_blanks = [' ', '\t', '\n'];

    // Flags are shown when one is begun, as other tools do; the parser's Windows spellings of help never.
    private static bool IsOffered(string text, string word) =>
        text.StartsWith('-') ? word.StartsWith('-') && text != "-?" : !text.StartsWith('/');
}

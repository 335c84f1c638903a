using System.Text;

namespace EcsRelease;

/// <summary>A command line split into words as a POSIX shell splits it: quotes and backslashes count; nothing is expanded,
/// `$NAME` and `*` stay as they are.</summary>
public static class ShellWords
{
    /// <exception cref="FormatException">A quote is not closed, or a backslash ends the text.</exception>
    public static IReadOnlyList<string> Split(string text)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\'':
                    i = Single(text, i, word ??= new());
                    break;
                case '"':
                    i = Double(text, i, word ??= new());
                    break;
                case '\\':
                    (word ??= new()).Append(++i < text.Length ? text[i] : throw new FormatException("it ends with a backslash"));
                    break;
                case var space when char.IsWhiteSpace(space):
                    if (word is not null)
                        words.Add(word.ToString());
                    word = null;
                    break;
                default:
                    (word ??= new()).Append(text[i]);
                    break;
            }
        }
        if (word is not null)
            words.Add(word.ToString());
        return words;
    }

    /// <returns>Where the closing quote is.</returns>
    private static int Single(string text, int open, StringBuilder word)
    {
        var close = text.IndexOf('\'', open + 1);
        if (close < 0)
            throw Unclosed('\'');
        word.Append(text, open + 1, close - open - 1);
        return close;
    }

    private static int Double(string text, int open, StringBuilder word)
    {
        for (var i = open + 1; i < text.Length; i++)
        {
            if (text[i] == '"')
                return i;
            // Between double quotes a backslash is one but before these (POSIX, Shell Command Language 2.2.3).
            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\' or '$' or '`')
                i++;
            word.Append(text[i]);
        }
        throw Unclosed('"');
    }

    private static FormatException Unclosed(char quote) => new($"the quote {quote} is not closed");
}

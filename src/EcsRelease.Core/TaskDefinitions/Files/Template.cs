namespace EcsRelease.TaskDefinitions.Files;

/// <summary>A piece of a text: as it is, or a variable.</summary>
/// <param name="Text">Of a variable what stands between `${` and `}`.</param>
/// <param name="IsOpen">A variable without its `}`: it reaches to the end.</param>
internal readonly record struct TemplatePart(string Text, bool IsVariable, bool IsOpen = false);

/// <summary>Texts with `${variables}`; `$${` stands for the text `${`.</summary>
internal static class Template
{
    private const string Open = "${";
    private const string Escaped = "$${";

    public static IEnumerable<TemplatePart> Parse(string text)
    {
        var literal = 0;
        for (var at = 0; at < text.Length;)
        {
            if (string.CompareOrdinal(text, at, Escaped, 0, Escaped.Length) == 0)
            {
                yield return new(text[literal..at] + Open, IsVariable: false);
                literal = at += Escaped.Length;
            }
            else if (string.CompareOrdinal(text, at, Open, 0, Open.Length) == 0)
            {
                if (at > literal)
                    yield return new(text[literal..at], IsVariable: false);
                var end = text.IndexOf('}', at);
                yield return new(end < 0 ? text[(at + Open.Length)..] : text[(at + Open.Length)..end], IsVariable: true, IsOpen: end < 0);
                literal = at = end < 0 ? text.Length : end + 1;
            }
            else
                at++;
        }
        if (literal < text.Length)
            yield return new(text[literal..], IsVariable: false);
    }

    public static IEnumerable<string> Variables(string text) => Parse(text).Where(part => part.IsVariable).Select(part => part.Text);

    /// <summary>A text that stands for <paramref name="text"/> itself.</summary>
    public static string Escape(string text) => text.Replace(Open, Escaped, StringComparison.Ordinal);
}

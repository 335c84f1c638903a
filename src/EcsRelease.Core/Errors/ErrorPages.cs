using System.Reflection;

namespace EcsRelease;

/// <summary>The pages of the codes (docs/errors/CODE.md), embedded, so that they are at hand where the code is shown.</summary>
public static class ErrorPages
{
    private const string Prefix = "docs/errors/";
    private const string Suffix = ".md";
    private static readonly Assembly Assembly = typeof(ErrorPages).Assembly;

    /// <summary>Every code that has a page, in order.</summary>
    public static IReadOnlyList<string> Codes { get; } =
    [
        .. Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Suffix.Length])
            .Order(StringComparer.Ordinal),
    ];

    /// <param name="code">In any case, e.g. `ecsr5001`, or its number.</param>
    /// <returns>The page (Markdown); null when there is no such code.</returns>
    public static string? Find(string code)
    {
        var full = code.Trim() is var asked && asked.All(char.IsAsciiDigit) ? "ECSR" + asked : asked;
        if (Codes.FirstOrDefault(known => known.Equals(full, StringComparison.OrdinalIgnoreCase)) is not { } found)
            return null;
        using var stream = Assembly.GetManifestResourceStream(Prefix + found + Suffix)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().TrimEnd();
    }

    /// <summary>The page's first line without its mark, `ECSR5001: rolled back`.</summary>
    public static string Title(string code) => Find(code)?.Split('\n', 2)[0].TrimStart('#', ' ').TrimEnd() ?? code;
}

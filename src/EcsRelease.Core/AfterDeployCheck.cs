using System.Text.RegularExpressions;

namespace EcsRelease;

/// <summary>What EcsAfterDeploy asks for: an address, a path on the service's own address, or a command.</summary>
public sealed partial record AfterDeployCheck
{
    private AfterDeployCheck()
    {
    }

    /// <summary>Set for an address.</summary>
    public Uri? Address { get; private init; }

    /// <summary>Set for a path: it begins with `/`.</summary>
    public string? Path { get; private init; }

    /// <summary>Set for a command: its words.</summary>
    public IReadOnlyList<string> Command { get; private init; } = [];

    /// <summary>For people: no password and no query, which may hold a token.</summary>
    public required string Shown { get; init; }

    /// <exception cref="FormatException">Neither of the three; the message never quotes the text.</exception>
    public static AfterDeployCheck Parse(string text)
    {
        if (Scheme().IsMatch(text))
            return Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Host.Length > 0
                ? new() { Address = address, Shown = Show(address) }
                : throw new FormatException("the address cannot be read");
        if (text.StartsWith('/'))
            return Uri.TryCreate(new Uri("http://localhost"), text, out var path) && path.Host == "localhost"
                ? new() { Path = text, Shown = path.AbsolutePath + Query(path) }
                : throw new FormatException("the path cannot be read");
        return new() { Command = ShellWords.Split(text), Shown = text };
    }

    /// <summary>An address without user, password, query and fragment.</summary>
    public static string Show(Uri address) =>
        address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped) + Query(address);

    private static string Query(Uri address) => address.Query.Length > 1 ? "?…" : "";

    [GeneratedRegex("^https?://", RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();
}

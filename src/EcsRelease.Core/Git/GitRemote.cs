namespace EcsRelease.Git;

internal static class GitRemote
{
    /// <summary>The address without password, token, query and `.git`. The user of an ssh address is no secret. Null
    /// when what is a password in it cannot be told.</summary>
    public static string? WithoutCredentials(string url)
    {
        if (url.Length == 0)
            return null;
        if (url.Contains("://", StringComparison.Ordinal))
        {
            if (Address(url) is not { } address)
                return null;
            url = address;
        }
        return url.EndsWith(".git", StringComparison.Ordinal) ? url[..^4] : url;
    }

    private static string? Address(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed))
            return AfterUser(url);
        if (parsed.IsFile)
            return url;
        // `https://ci:1#2@host`: an unquoted # or ? of a password ends the host where none was meant.
        if (parsed.Query.Contains('@', StringComparison.Ordinal) || parsed.Fragment.Contains('@', StringComparison.Ordinal))
            return AfterUser(url);
        var user = parsed.Scheme == "ssh" && parsed.UserInfo.Length > 0 ? parsed.UserInfo.Split(':')[0] + "@" : "";
        return $"{parsed.Scheme}://{user}{parsed.Authority}{parsed.AbsolutePath.TrimEnd('/')}";
    }

    // The last @, not that of the authority: a password may hold a slash, too.
    private static string? AfterUser(string url)
    {
        var at = url.LastIndexOf('@');
        if (at < 0)
            return null;
        var rest = url[(at + 1)..];
        var end = rest.IndexOfAny(['?', '#']);
        return $"{url[..url.IndexOf("://", StringComparison.Ordinal)]}://{(end < 0 ? rest : rest[..end]).TrimEnd('/')}";
    }
}

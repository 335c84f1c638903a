namespace EcsRelease.Git;

internal static class GitRemote
{
    /// <summary>The address without password, token, query and `.git`. The user of an ssh address is no secret.</summary>
    public static string? WithoutCredentials(string url)
    {
        if (url.Length == 0)
            return null;
        if (url.Contains("://", StringComparison.Ordinal) && Uri.TryCreate(url, UriKind.Absolute, out var parsed) && !parsed.IsFile)
        {
            var user = parsed.Scheme == "ssh" && parsed.UserInfo.Length > 0 ? parsed.UserInfo.Split(':')[0] + "@" : "";
            url = $"{parsed.Scheme}://{user}{parsed.Authority}{parsed.AbsolutePath.TrimEnd('/')}";
        }
        return url.EndsWith(".git", StringComparison.Ordinal) ? url[..^4] : url;
    }
}

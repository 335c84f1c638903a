namespace EcsRelease.Git;

/// <summary>The commit as a CI system names it, for sources that came without their repository.</summary>
internal static class CiCommit
{
    private static readonly string[] s_variables =
    [
        "GITHUB_SHA", "CI_COMMIT_SHA", "BUILD_SOURCEVERSION", "CODEBUILD_RESOLVED_SOURCE_VERSION",
        "BITBUCKET_COMMIT", "CIRCLE_SHA1", "GIT_COMMIT",
    ];

    public static Commit? Find(Func<string, string?> environment)
    {
        foreach (var variable in s_variables)
            if (environment(variable) is { } sha && IsSha(sha))
                return new Commit { Sha = sha.ToLowerInvariant(), Variable = variable };
        return null;
    }

    public static bool IsSha(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigit);
}

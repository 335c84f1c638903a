namespace EcsRelease.Git;

/// <summary>What a clone knows of a commit that somebody names.</summary>
public static class GitReference
{
    /// <summary>The commit that a branch, a tag, HEAD~1 … stands for; null when this clone knows none, or is no clone.</summary>
    /// <exception cref="EcsReleaseException">ECSR2006: there is no git.</exception>
    public static async Task<CommitSubject?> ResolveAsync(string directory, string reference, CancellationToken cancellationToken)
    {
        var parsed = await GitCommand.RunAsync(directory, ["rev-parse", "--verify", "--quiet", "--end-of-options", reference + "^{commit}"], cancellationToken);
        if (parsed.ExitCode != 0 || parsed.Output.Trim() is not { Length: > 0 } sha)
            return null;
        var subject = await GitCommand.RunAsync(directory, ["log", "-1", "--no-show-signature", "--format=%s", sha, "--"], cancellationToken);
        return new(sha, string.Concat(subject.Output.Trim().Select(letter => char.IsControl(letter) ? ' ' : letter)));
    }

    /// <summary>A commit as one of the clone around a directory, for reading its history; without Root where that is no clone.</summary>
    /// <exception cref="EcsReleaseException">ECSR2006: there is no git.</exception>
    public static async Task<Commit> InCloneAsync(string directory, string sha, CancellationToken cancellationToken)
    {
        var place = await GitCommand.RunAsync(directory, ["rev-parse", "--is-shallow-repository", "--show-toplevel"], cancellationToken);
        return place.ExitCode == 0 && place.Output.Split('\n') is [var shallow, { Length: > 0 } root, ..]
            ? new Commit { Sha = sha, Root = root.Trim(), IsShallow = shallow.Trim() == "true" }
            : new Commit { Sha = sha };
    }
}

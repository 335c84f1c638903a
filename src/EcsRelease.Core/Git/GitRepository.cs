using System.Globalization;

namespace EcsRelease.Git;

/// <summary>Reads a repository through the git command line. Nothing is ever changed in it.</summary>
public static class GitRepository
{
    /// <summary>The commit that HEAD is on and what differs from it in the work tree; where there is no repository,
    /// the commit that a CI system names.</summary>
    /// <param name="directory">Any directory of the work tree.</param>
    /// <exception cref="EcsReleaseException">ECSR2001, 2002, 2005, 2006.</exception>
    public static Task<Commit> ReadAsync(string directory, CancellationToken cancellationToken) =>
        ReadAsync(directory, ownFiles: [], cancellationToken);

    /// <param name="ownFiles">Full paths of files that are no change as long as they are untracked: what an earlier release wrote.</param>
    public static Task<Commit> ReadAsync(string directory, IReadOnlyList<string> ownFiles, CancellationToken cancellationToken) =>
        ReadAsync(directory, Environment.GetEnvironmentVariable, ownFiles, cancellationToken);

    internal static Task<Commit> ReadAsync(string directory, Func<string, string?> environment, CancellationToken cancellationToken) =>
        ReadAsync(directory, environment, [], cancellationToken);

    private static async Task<Commit> ReadAsync(string directory, Func<string, string?> environment, IReadOnlyList<string> ownFiles, CancellationToken cancellationToken)
    {
        directory = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        Task<GitResult> Git(params string[] arguments) => GitCommand.RunAsync(directory, arguments, cancellationToken);
        var statusCall = Git("status", "--porcelain=v2", "--branch", "-z", "--untracked-files=all", "--ignore-submodules=none");
        var logCall = Git("log", "-1", "--no-show-signature", "--format=%cI %s");
        var placeCall = Git("rev-parse", "--is-shallow-repository", "--show-prefix", "--show-toplevel");
        var remoteCall = Git("config", "--get", "remote.origin.url");
        var filesCall = Git("ls-files", "-v", "-s", "-z", "--full-name", ":/");
        await Task.WhenAll(statusCall, logCall, placeCall, remoteCall, filesCall);

        var status = await statusCall;
        if (status.ExitCode != 0)
            return Failed(status, directory, environment);
        var tree = GitStatus.Parse(status.Output);
        var place = (await placeCall).Checked().Split('\n');
        var root = RootOf(directory, place[1], place[2]);
        if (tree.Sha is null)
            throw Errors.NoCommit(root);

        var log = (await logCall).Checked().Trim().Split(' ', 2);
        var index = GitIndex.Parse((await filesCall).Checked());
        var own = ownFiles.Select(file => Path.GetRelativePath(root, file).Replace('\\', '/')).ToHashSet(StringComparer.Ordinal);
        var changes = tree.Changes.Concat(tree.Untracked.Where(path => !own.Contains(path))).Concat(await index.HiddenChangesAsync(root, cancellationToken)).Distinct().Order(StringComparer.Ordinal).ToList();
        var remote = await remoteCall;
        return new Commit
        {
            Sha = tree.Sha,
            Branch = tree.Branch,
            CommittedAt = DateTimeOffset.Parse(log[0], CultureInfo.InvariantCulture),
            Subject = log.Length > 1 ? CommitChanges.Plain(log[1]) : "",
            RemoteUrl = remote.ExitCode == 0 ? GitRemote.WithoutCredentials(remote.Output.Trim()) : null,
            Root = root,
            IsShallow = place[0] == "true",
            Changes = changes,
            ChangesHash = changes.Count == 0 ? "" : await ChangedFiles.HashAsync(root, changes, environment, cancellationToken),
        };
    }

    /// <summary>How <paramref name="first"/> stands to <paramref name="second"/>, both full SHAs.</summary>
    public static async Task<Ancestry> CompareAsync(string root, string first, string second, CancellationToken cancellationToken)
    {
        if (!CiCommit.IsSha(first) || !CiCommit.IsSha(second))
            return Ancestry.Unknown;
        if (string.Equals(first, second, StringComparison.OrdinalIgnoreCase))
            return Ancestry.Same;
        var isAncestor = await GitCommand.RunAsync(root, ["merge-base", "--is-ancestor", first, second], cancellationToken);
        if (isAncestor.ExitCode == 0)
            return Ancestry.Older;
        if (isAncestor.ExitCode != 1)
            return Ancestry.Unknown;
        // "No" of a shallow clone may only mean that the history ends too early.
        var shallow = await GitCommand.RunAsync(root, ["rev-parse", "--is-shallow-repository"], cancellationToken);
        return shallow.Output.Trim() == "true" ? Ancestry.Unknown : Ancestry.NotOlder;
    }

    /// <summary>Those of <paramref name="fullPaths"/> that lie below the root, outside bin and obj folders, and are not
    /// in the commit: ignored and untracked files, which enter an image all the same. Relative to the root, with `/`.</summary>
    public static async Task<IReadOnlyList<string>> UntrackedAsync(string root, IEnumerable<string> fullPaths, CancellationToken cancellationToken)
    {
        var comparer = OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
        var below = fullPaths.Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Where(path => !Path.IsPathRooted(path) && !path.StartsWith("../", StringComparison.Ordinal) && !IsBuildOutput(path))
            .Distinct(comparer).ToList();
        if (below.Count == 0)
            return [];
        var files = await GitCommand.RunAsync(root, ["ls-files", "-z", "--recurse-submodules"], cancellationToken);
        var tracked = files.Checked().Split('\0', StringSplitOptions.RemoveEmptyEntries).ToHashSet(comparer);
        return [.. below.Where(path => !tracked.Contains(path)).Order(StringComparer.Ordinal)];
    }

    private static bool IsBuildOutput(string path) =>
        path.Split('/').SkipLast(1).Any(folder => folder.Equals("bin", StringComparison.OrdinalIgnoreCase) || folder.Equals("obj", StringComparison.OrdinalIgnoreCase));

    private static Commit Failed(GitResult status, string directory, Func<string, string?> environment)
    {
        if (status.Error.Contains("dubious ownership", StringComparison.Ordinal))
            throw Errors.DubiousOwnership(directory);
        if (!status.Error.Contains("not a git repository", StringComparison.OrdinalIgnoreCase))
            throw Errors.GitFailed(status.Command, status.Error.Trim());
        return CiCommit.Find(environment) ?? throw Errors.NotARepository(directory);
    }

    // git resolves symbolic links; the project's files are named as the user spells them.
    private static string RootOf(string directory, string prefix, string topLevel)
    {
        var tail = prefix.TrimEnd('/').Replace('/', Path.DirectorySeparatorChar);
        if (tail.Length == 0)
            return directory;
        return directory.EndsWith(Path.DirectorySeparatorChar + tail, StringComparison.Ordinal)
            ? directory[..^(tail.Length + 1)]
            : Path.GetFullPath(topLevel);
    }
}

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsRelease.Git;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>Reads the commit and refuses a tree whose image would hold something else than it.</summary>
internal static class CommitGuard
{
    /// <param name="planFile">Like the release record, a file of ours that is no change of the tree.</param>
    /// <param name="ownFiles">More of that kind.</param>
    public static async Task<Commit> ReadAsync(ReleaseOptions options, ProjectInfo project, Action<Notice> warn, CancellationToken cancellationToken, string? planFile = null, IReadOnlyList<string>? ownFiles = null)
    {
        string?[] own = [.. ownFiles ?? [], planFile, ReleaseReport.FileOf(options, project, options.Service ?? ReleaseNames.Kebab(project.AssemblyName))];
        var commit = await GitRepository.ReadAsync(project.Directory, [.. own.OfType<string>()], cancellationToken);
        if (commit.Variable is not null)
            warn(Errors.CommitFromEnvironment(commit.Variable, commit.Sha));
        if (project.SourceRevisionId.Length > 0 && project.SourceRevisionId != commit.Sha)
            throw Errors.RevisionDiffers(project.SourceRevisionId, commit.Sha);
        if (commit is { Changes.Count: > 0, Root: not null } && !options.AllowDirty)
            throw Errors.DirtyTree(commit.Root, commit.Changes);
        await CheckInputsAsync(commit, project.PublishInputs, options, project, warn, cancellationToken);
        return options.AllowDirty ? commit : commit with { ChangesHash = "" };
    }

    /// <summary>Ignored and untracked files do enter an image (msbuild.md 5): settings are refused, the rest is warned of.</summary>
    public static async Task CheckInputsAsync(Commit commit, IReadOnlyList<string> fullPaths, ReleaseOptions options, ProjectInfo project, Action<Notice> warn, CancellationToken cancellationToken)
    {
        if (commit.Root is null || fullPaths.Count == 0)
            return;
        var untracked = await GitRepository.UntrackedAsync(commit.Root, fullPaths, cancellationToken);
        var found = untracked
            .Select(path => Path.GetRelativePath(project.Directory, Path.Combine(commit.Root, path)).Replace('\\', '/'))
            .Where(path => !options.AllowUntracked.Any(allowed => IsAllowed(allowed.Replace('\\', '/'), path)))
            .ToList();
        var settings = found.Where(IsSettings).ToList();
        if (settings.Count > 0)
            throw Errors.UntrackedInputs(settings);
        foreach (var path in found)
            warn(Errors.UntrackedFile(path));
    }

    private static async Task RefuseOlderAsync(ReleaseOptions options, Commit commit, string? live, Action<Notice> warn, CancellationToken cancellationToken)
    {
        if (live is null || live == commit.Sha || commit.Root is null || options.AllowOlder)
            return;
        switch (await GitRepository.CompareAsync(commit.Root, commit.Sha, live, cancellationToken))
        {
            case Ancestry.Older: throw Errors.OlderCommit(commit.Sha, live);
            case Ancestry.Unknown: warn(Errors.AncestryUnknown(commit.Sha, live)); break;
        }
    }

    /// <summary>A release never undoes a newer commit unless it is told to, and never those of another branch without a word.</summary>
    /// <param name="revision">The live one, DescribeTaskDefinition's answer.</param>
    /// <param name="live">Its commit.</param>
    /// <exception cref="EcsReleaseException">ECSR2008, 5230.</exception>
    public static async Task<CommitChanges> CompareAsync(ReleaseOptions options, Commit commit, JsonObject? revision, string? live, Action<Notice> warn, CancellationToken cancellationToken)
    {
        await RefuseOlderAsync(options, commit, live, warn, cancellationToken);
        var commits = await CommitChanges.ReadAsync(commit, live, cancellationToken);
        if (commits.RemovedCount == 0)
            return commits;
        var branch = revision is null ? null : RevisionTags.Read(revision).Branch;
        if (commits.AddedCount > 0 && options.OnDiverged == DivergedPolicy.Refuse)
            throw Errors.DivergedCommit(commit.Sha, commit.Branch, live!, branch, commits);
        warn(Errors.TakesBack(commit.Sha, commit.Branch, live!, branch, commits));
        return commits;
    }

    private static bool IsSettings(string path)
    {
        var name = Path.GetFileName(path);
        return name.EndsWith(".config", StringComparison.OrdinalIgnoreCase) || name.StartsWith("appsettings", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>`**` crosses folders, `*` does not; a folder allows all below it.</summary>
    private static bool IsAllowed(string pattern, string path) =>
        Regex.IsMatch(path, "^" + Regex.Escape(pattern.TrimEnd('/')).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal) + "(/.*)?$",
            RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}

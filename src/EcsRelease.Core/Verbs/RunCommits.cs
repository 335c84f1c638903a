using EcsRelease.Git;

namespace EcsRelease.Verbs;

/// <summary>The commits of one run with several services: each project is looked at once. No record that the run writes
/// is a change of the tree.</summary>
internal sealed class RunCommits(IReadOnlyList<WantedRelease> wanted)
{
    private readonly IReadOnlyList<string> _records = [.. wanted.Select(each => ReleaseReport.FileOf(each.Options, each.Project, each.Service)).OfType<string>()];
    private readonly Dictionary<string, Task<(Commit Commit, List<Notice> Warnings)>> _read = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    /// <exception cref="EcsReleaseException">As <see cref="CommitGuard"/>.</exception>
    public async Task<Commit> ReadAsync(ReleaseOptions options, ProjectInfo project, Action<Notice> warn, CancellationToken cancellationToken)
    {
        Task<(Commit Commit, List<Notice> Warnings)> read;
        lock (_gate)
            if (!_read.TryGetValue(project.ProjectFile, out read!))
                _read[project.ProjectFile] = read = ReadAsync(options, project, cancellationToken);
        var (commit, warnings) = await read.WaitAsync(cancellationToken);
        warnings.ForEach(warn);
        return commit;
    }

    private async Task<(Commit, List<Notice>)> ReadAsync(ReleaseOptions options, ProjectInfo project, CancellationToken cancellationToken)
    {
        var warnings = new List<Notice>();
        return (await CommitGuard.ReadAsync(options, project, warnings.Add, cancellationToken, ownFiles: _records), warnings);
    }
}

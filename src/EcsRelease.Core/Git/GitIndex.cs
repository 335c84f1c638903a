namespace EcsRelease.Git;

/// <summary>What `git status` leaves out: files that the user told git not to look at, and submodules that were
/// never checked out.</summary>
internal sealed class GitIndex
{
    private readonly List<string> _submodules = [];
    private readonly List<(string Path, string Id)> _notLookedAt = [];

    /// <param name="output">`git ls-files -v -s -z`: records `TAG MODE ID STAGE\tPATH`; a small tag means
    /// assume-unchanged, S means skip-worktree.</param>
    public static GitIndex Parse(string output)
    {
        var index = new GitIndex();
        foreach (var record in output.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var tab = record.IndexOf('\t', StringComparison.Ordinal);
            var fields = record[..tab].Split(' ');
            var path = record[(tab + 1)..];
            if (fields[1] == "160000")
                index._submodules.Add(path);
            else if (char.IsAsciiLetterLower(fields[0][0]) || fields[0] == "S")
                index._notLookedAt.Add((path, fields[2]));
        }
        return index;
    }

    public async Task<IReadOnlyList<string>> HiddenChangesAsync(string root, CancellationToken cancellationToken)
    {
        var changes = _submodules.Where(path => !Path.Exists(Path.Combine(root, path, ".git"))).ToList();
        // A file that is absent is left out by a sparse checkout.
        var present = _notLookedAt.Where(file => File.Exists(Path.Combine(root, file.Path))).ToList();
        if (present.Count == 0)
            return changes;
        var hashes = await GitCommand.RunAsync(root, ["hash-object", "--stdin-paths"], cancellationToken,
            string.Concat(present.Select(file => file.Path + "\n")));
        var ids = hashes.Checked().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        changes.AddRange(present.Zip(ids).Where(pair => pair.First.Id != pair.Second).Select(pair => pair.First.Path));
        return changes;
    }
}

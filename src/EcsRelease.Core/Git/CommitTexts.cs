namespace EcsRelease.Git;

/// <param name="Subject">First line of the message.</param>
/// <param name="Author">Name.</param>
public sealed record CommitText(string Subject, string Author);

/// <summary>What people wrote of commits, by the clone around a directory.</summary>
public static class CommitTexts
{
    /// <summary>One call for all commits. Without a repository, and of commits that it lacks, nothing is known.</summary>
    /// <param name="directory">Any directory of the work tree.</param>
    /// <param name="commits">Those that are no full SHA are left out.</param>
    /// <returns>By SHA.</returns>
    public static async Task<IReadOnlyDictionary<string, CommitText>> ReadAsync(string directory, IEnumerable<string?> commits, CancellationToken cancellationToken)
    {
        var asked = commits.OfType<string>().Where(CiCommit.IsSha).Distinct(StringComparer.Ordinal).ToList();
        if (asked.Count == 0)
            return new Dictionary<string, CommitText>();
        try
        {
            var log = await GitCommand.RunAsync(
                directory, ["log", "--no-walk=unsorted", "--ignore-missing", "--no-show-signature", "--format=%H%n%an%n%s%x00", "--stdin"],
                cancellationToken, string.Join('\n', asked) + "\n");
            return log.ExitCode != 0 ? new Dictionary<string, CommitText>() : log.Output.Split('\0', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(record => record.Split('\n', 3)).Where(lines => lines.Length == 3).DistinctBy(lines => lines[0])
                .ToDictionary(lines => lines[0], lines => new CommitText(Line(lines[2]), Line(lines[1])), StringComparer.Ordinal);
        }
        catch (EcsReleaseException)
        {
            // No git on this machine: its texts are a comfort, not needed.
            return new Dictionary<string, CommitText>();
        }
    }

    // Escape sequences in a subject would reach the terminal.
    private static string Line(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
}

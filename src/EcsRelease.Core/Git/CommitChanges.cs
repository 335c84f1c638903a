namespace EcsRelease.Git;

/// <summary>What a release changes against the live commit, by the history of this clone.</summary>
public sealed record CommitChanges
{
    /// <summary>Commits that come with this release, newest first, at most <see cref="Most"/>.</summary>
    public IReadOnlyList<CommitSubject> Added { get; init; } = [];

    /// <summary>How many come in all.</summary>
    public int AddedCount { get; init; }

    /// <summary>Commits of the live one that this release takes back, newest first, at most <see cref="Most"/>.</summary>
    public IReadOnlyList<CommitSubject> Removed { get; init; } = [];

    /// <summary>How many commits of the live one this release takes back: it is older, or on another branch.</summary>
    public int RemovedCount { get; init; }

    /// <summary>Why it cannot be told, as the end of a sentence; null when it can.</summary>
    public string? Unknown { get; init; }

    internal const int Most = 10;

    /// <param name="commit">The one that is released.</param>
    /// <param name="live">The live one; null when nothing says which it is.</param>
    /// <param name="other">What <paramref name="live"/> is, in words.</param>
    /// <exception cref="EcsReleaseException">ECSR2006.</exception>
    public static async Task<CommitChanges> ReadAsync(Commit commit, string? live, CancellationToken cancellationToken, string other = "live")
    {
        if (live is null)
            return new() { Unknown = $"the {other} revision does not say its commit" };
        if (live == commit.Sha)
            return new();
        if (commit.Root is null)
            return new() { Unknown = "there is no Git repository here" };
        if (!CiCommit.IsSha(live))
            return new() { Unknown = $"the {other} commit '{live}' is no full SHA" };
        // The history of a shallow clone ends too early, so that commits would be left out without a word.
        if (commit.IsShallow)
            return new() { Unknown = "the clone is shallow; in CI fetch the whole history (fetch-depth: 0)" };
        var counts = await GitCommand.RunAsync(commit.Root, ["rev-list", "--left-right", "--count", $"{live}...{commit.Sha}"], cancellationToken);
        // 128 = a commit that is not here.
        if (counts.ExitCode != 0)
            return new() { Unknown = $"this clone lacks the {other} commit" };
        var numbers = counts.Output.Split('\t');
        return new()
        {
            Added = await LogAsync(commit.Root, $"{live}..{commit.Sha}", cancellationToken),
            Removed = numbers[0] == "0" ? [] : await LogAsync(commit.Root, $"{commit.Sha}..{live}", cancellationToken),
            AddedCount = int.Parse(numbers[1], System.Globalization.CultureInfo.InvariantCulture),
            RemovedCount = int.Parse(numbers[0], System.Globalization.CultureInfo.InvariantCulture),
        };
    }

    private static async Task<IReadOnlyList<CommitSubject>> LogAsync(string root, string range, CancellationToken cancellationToken)
    {
        // A subject is one line; %x00 parts the records whatever it holds.
        var log = await GitCommand.RunAsync(root, ["log", "--no-show-signature", $"--max-count={Most}", "--format=%H %s%x00", range], cancellationToken);
        return [.. log.Checked().Split('\0', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Subject)];
    }

    /// <summary>Escape sequences in a subject would reach the terminal.</summary>
    internal static string Plain(string subject) => string.Concat(subject.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();

    private static CommitSubject Subject(string record)
    {
        var sha = record.Split(' ', 2);
        return new(sha[0], sha.Length > 1 ? Plain(sha[1]) : "");
    }
}

/// <param name="Sha">Full.</param>
/// <param name="Subject">The first line of its message.</param>
public sealed record CommitSubject(string Sha, string Subject);

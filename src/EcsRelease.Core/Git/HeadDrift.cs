using System.Globalization;

namespace EcsRelease.Git;

/// <summary>How HEAD of a clone stands to a commit.</summary>
/// <param name="Commit">HEAD; null where there is no clone.</param>
/// <param name="State">`equal`, `ahead` (HEAD has more), `behind` (HEAD has less), `diverged`, `unknown`.</param>
/// <param name="Ahead">Commits that HEAD has more; null when unknown.</param>
/// <param name="Behind">Commits that HEAD lacks; null when unknown.</param>
/// <param name="Unknown">Why it cannot be told.</param>
public sealed record HeadDrift(string? Commit, string State, int? Ahead, int? Behind, string? Unknown)
{
    /// <param name="directory">Any directory of the work tree.</param>
    /// <param name="commit">Null when nothing says which it is.</param>
    public static async Task<HeadDrift> ReadAsync(string directory, string? commit, CancellationToken cancellationToken)
    {
        try
        {
            var head = await GitCommand.RunAsync(directory, ["rev-parse", "--is-shallow-repository", "HEAD"], cancellationToken);
            var lines = head.Output.Split('\n');
            if (head.ExitCode != 0 || lines.Length < 2 || !CiCommit.IsSha(lines[1]))
                return NotKnown(null, "there is no Git repository with a commit here");
            var sha = lines[1];
            if (commit is null)
                return NotKnown(sha, "the live revision does not say its commit");
            if (string.Equals(sha, commit, StringComparison.OrdinalIgnoreCase))
                return new(sha, "equal", 0, 0, null);
            if (!CiCommit.IsSha(commit))
                return NotKnown(sha, $"the live commit '{commit}' is no full SHA");
            // Its history ends too early to count.
            if (lines[0] == "true")
                return NotKnown(sha, "the clone is shallow");
            var counts = await GitCommand.RunAsync(directory, ["rev-list", "--left-right", "--count", $"{commit}...{sha}"], cancellationToken);
            if (counts.ExitCode != 0)
                return NotKnown(sha, "this clone lacks the live commit");
            var numbers = counts.Output.Split('\t');
            var (behind, ahead) = (int.Parse(numbers[0], CultureInfo.InvariantCulture), int.Parse(numbers[1], CultureInfo.InvariantCulture));
            return new(sha, (ahead, behind) switch { (> 0, > 0) => "diverged", (> 0, _) => "ahead", _ => "behind" }, ahead, behind, null);
        }
        catch (EcsReleaseException noGit)
        {
            return NotKnown(null, noGit.Message);
        }
    }

    private static HeadDrift NotKnown(string? head, string why) => new(head, "unknown", null, null, why);
}

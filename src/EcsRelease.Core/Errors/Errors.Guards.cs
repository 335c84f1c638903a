using EcsRelease.Git;
using static EcsRelease.ReleaseOutcome;

namespace EcsRelease;

// 5225 to 5239: guards
public static partial class Errors
{
    /// <param name="summary">E.g. `Release 3f2a91c2ab12 to 'orders' in cluster 'production'`.</param>
    /// <param name="typed">Null = the input ended, or Ctrl-C.</param>
    public static EcsReleaseException NotConfirmed(string summary, string word, string? typed) => new("ECSR5225", Refused,
        $"Not confirmed: {summary}. {(typed is null ? "There was no answer" : $"The answer was '{InertText.Of(typed)}'")}, wanted is '{word}'. Nothing was changed. Run the same command again.");

    /// <param name="goOn">A sentence.</param>
    public static EcsReleaseException NobodyToConfirm(string summary, string goOn) => new("ECSR5226", Refused,
        $"Not confirmed: {summary}. It is to be asked before (EcsConfirm), and there is no terminal to ask on. {goOn}");

    /// <param name="live">`orders:7`.</param>
    /// <param name="release">The last release's: `orders:6`.</param>
    public static Notice HandMadeKept(string service, string live, string release, string differences) => new("ECSR5227",
        $"The live revision '{live}' of '{service}' was made by hand, from the last release's '{release}': {differences}. This release keeps it as its base. To go back to the last release's: EcsOverwriteDrift=true (--overwrite-drift)");

    public static EcsReleaseException HandMadeRefused(string service, string live, string release, string differences, string source) => new("ECSR5228", Refused,
        $"The live revision '{live}' of '{service}' was made by hand, from the last release's '{release}', and {source} would undo it: {differences}. Keep it: write it into that file. Or overwrite it: EcsOverwriteDrift=true (--overwrite-drift)");

    public static Notice HandMadeOverwritten(string service, string live, string release, string differences) => new("ECSR5229",
        $"The live revision '{live}' of '{service}' was made by hand, from the last release's '{release}': {differences}. This release undoes that (EcsOverwriteDrift).");

    public static EcsReleaseException DivergedCommit(string commit, string? branch, string live, string? liveBranch, CommitChanges commits) => new("ECSR5230", Refused,
        $"{TakenBack(commit, branch, live, liveBranch, commits)}. Merge the live commit first: git merge {Short(live)}. Or release all the same: EcsOnDiverged=warn (--on-diverged warn)");

    private static string TakenBack(string commit, string? branch, string live, string? liveBranch, CommitChanges commits)
    {
        var subjects = commits.Removed.Take(3).Select(each => $"{Short(each.Sha)} {each.Subject}");
        var more = commits.RemovedCount > 3 ? $"; and {commits.RemovedCount - 3} more" : "";
        return $"'{Short(commit)}'{On(branch)} lacks {commits.RemovedCount} commit(s) of the live '{Short(live)}'{On(liveBranch)}, which this release takes back: {string.Join("; ", subjects)}{more}";
    }

    private static string On(string? branch) => branch is null ? "" : $" (branch {branch})";
}

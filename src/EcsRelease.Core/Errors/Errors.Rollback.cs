using static EcsRelease.ReleaseOutcome;

namespace EcsRelease;

// 5204, 5210 to 5224: going back to an earlier release
public static partial class Errors
{
    /// <param name="undone">What was rolled back, in words.</param>
    /// <param name="live">What is live, in words.</param>
    /// <param name="previous">The one before that, in words; null = none is known.</param>
    /// <param name="command">Goes back to it, or lists the releases.</param>
    public static EcsReleaseException BackAlready(string service, string undone, string live, string? previous, string command) => new("ECSR5204", Refused,
        $"'{service}' is back already: {undone} was undone, and {live} is live. Nothing was changed. "
        + (previous is null ? $"To go further back, choose a release: {command}" : $"To go further back, to {previous}: {command}"));

    /// <param name="why">E.g. `no release before orders:7 is known to have ended well`.</param>
    /// <param name="candidates">Revisions that could be meant, in words.</param>
    /// <param name="command">`ecs-release rollback` with the options of this run.</param>
    public static EcsReleaseException PreviousUnknown(string service, string why, IReadOnlyList<string> candidates, string command) => new("ECSR5210", Refused,
        $"What '{service}' would go back to is not known: {why}. " + (candidates.Count == 0
            ? "Release an earlier commit again: git switch --detach COMMIT && ecs-release deploy --allow-older"
            : $"Name it, one of {string.Join("; ", candidates)}: {command} REVISION"));

    /// <param name="what">E.g. `commit`.</param>
    public static EcsReleaseException ReleaseUnclear(string service, string what, string text, IReadOnlyList<string> candidates, string command) => new("ECSR5211", Refused,
        $"'{text}' is no single {what} of '{service}'; there are {string.Join("; ", candidates)}. Name one by its revision: {command} REVISION");

    /// <param name="commit">In words: its SHA, and its subject where the clone knows it.</param>
    public static EcsReleaseException CommitNotReleased(string service, string commit, string sha, string history) => new("ECSR5212", Refused,
        $"Commit {commit} was never released to '{service}'. See what was: {history}; or release it: git switch --detach {Short(sha)} && ecs-release deploy --allow-older");

    /// <param name="why">E.g. `no release of 'orders' has it`.</param>
    public static EcsReleaseException ReleaseNotFound(string service, string text, string why, string history) => new("ECSR5213", Refused,
        $"'{text}' names no release of '{service}': {why}. See what was released: {history}");

    public static EcsReleaseException ReleaseNameUnreadable(string text) => new("ECSR5214", Invalid,
        $"'{text}' is no release: expected a commit (4 digits or more, or a branch, a tag, HEAD~1 of this clone), a revision (7, FAMILY:7 or its ARN), or a digest (sha256:…).");

    /// <param name="status">INACTIVE or DELETE_IN_PROGRESS.</param>
    /// <param name="again">How its release comes back; null = unknown.</param>
    public static EcsReleaseException RevisionNotActive(string service, string revision, string status, string? again, string history) => new("ECSR5215", Refused,
        $"Revision '{revision}' is {status}, and '{service}' can only go back to one that is ACTIVE. "
        + (again is null ? $"Choose another: {history}" : $"Release its commit again: {again}; or choose another: {history}"));

    public static EcsReleaseException RevisionMissing(string revision, string family, string history) => new("ECSR5216", Refused,
        $"There is no revision '{revision}'. See those of '{family}': {history}");

    /// <param name="again">How the image comes back.</param>
    public static EcsReleaseException ImagePruned(string service, string revision, string container, string image, string again) => new("ECSR5217", Refused,
        $"'{service}' cannot go back to {revision}: the image '{image}' of its container '{container}' is not in the registry any more, so no task would start. Nothing was changed. {again}");

    public static EcsReleaseException ImageMoved(string revision, string image, string ran, string now, string again) => new("ECSR5218", Refused,
        $"Going back to {revision} would not bring its release back: the tag of '{image}' was moved; it ran '{ran}', and the tag is now '{now}'. {again}");

    /// <param name="lacks">E.g. `container 'web' of arn:… is not in it`.</param>
    public static EcsReleaseException RevisionDoesNotFit(string service, string revision, string lacks, string history) => new("ECSR5219", Refused,
        $"Revision '{revision}' does not fit '{service}': {lacks}. Choose another: {history}");

    public static Notice OtherFamily(string service, string revision, string live) => new("ECSR5220",
        $"Revision '{revision}' is of another family than '{live}', which is live in '{service}'. Its containers have the names that the service needs; nothing else was compared.");

    /// <param name="ended">E.g. `rolled back`.</param>
    public static Notice TargetEndedBadly(string service, string revision, string ended, string? reason) => new("ECSR5221",
        $"{revision} never ended well in '{service}': its newest deployment was {ended}{(reason is null ? "" : $" ({InertText.Of(reason).TrimEnd('.')})")}. It may fail again.");

    public static Notice ImageUnchecked(string container, string image, string why) => new("ECSR5222",
        $"Whether the image '{image}' of container '{container}' still exists could not be checked: {why}.");

    public static Notice OtherDigestRuns(string service, string revision, string ran, string runs) => new("ECSR5223",
        $"'{service}' runs {revision} with the image '{runs}', and this release ran '{ran}' before: the tag was moved. Release its commit again.");

    public static Notice TargetMadeByHand(string service, string revision) => new("ECSR5224",
        $"{revision} was made by no release: somebody registered it by hand or with another tool, so no commit tells what it does in '{service}'.");
}

using static EcsRelease.ReleaseOutcome;

namespace EcsRelease;

// 1021 to 1023 and 5190 to 5199: EcsBeforeDeploy and EcsAfterDeploy
public static partial class Errors
{
    public static EcsReleaseException GateUnreadable(string option, string why) => new("ECSR1021", Invalid,
        $"{option} cannot be understood: {why}. It is not quoted here, since an address may hold a password. Write a command as for a shell{(option == "EcsAfterDeploy" ? ", or an address: https://HOST/PATH" : "")}");

    public static EcsReleaseException CheckPathOnAws(string path) => new("ECSR1022", Invalid,
        $"EcsAfterDeploy is the path '{path}', but the address of the service is known on the local target alone. Give the whole address: EcsAfterDeploy=https://HOST{path}");

    public static EcsReleaseException BeforeDeployFailed(string command, string service, string cause) => new("ECSR5190", HookFailed,
        $"EcsBeforeDeploy '{command}' failed, so '{service}' was not updated: {Sentence(cause)}");

    public static EcsReleaseException BeforeDeployNotStarted(string command, string service, string cause) => new("ECSR5191", HookFailed,
        $"EcsBeforeDeploy '{command}' did not start, so '{service}' was not updated: {Sentence(cause)}");

    /// <param name="task">What became of its task.</param>
    public static EcsReleaseException BeforeDeployTimedOut(string command, string service, TimeSpan limit, string task) => new("ECSR5192", HookFailed,
        $"EcsBeforeDeploy '{command}' did not end within {limit.TotalMinutes:0.#} min (EcsTimeout), so '{service}' was not updated. {task}");

    /// <param name="previous">ARN of the revision to go back to; null = there is none.</param>
    public static EcsReleaseException AfterDeployFailed(string check, string cluster, string service, string cause, string? previous) => new("ECSR5193", CheckFailed,
        $"EcsAfterDeploy '{check}' failed: {Sentence(cause)} '{service}' stays on this release. "
        + (previous is null ? "There is no earlier revision to go back to." : $"Go back: aws ecs update-service --cluster {ShellWord.Of(cluster)} --service {ShellWord.Of(service)} --task-definition {previous}{RegionFlag(previous)}"));

    public static EcsReleaseException AfterDeployRolledBack(string check, string service, string cause, string to) => new("ECSR5194", CheckFailed,
        $"EcsAfterDeploy '{check}' failed, and '{service}' was set back to {to}: {Sentence(cause)}");

    public static EcsReleaseException AfterDeployNotRolledBack(string check, string service, string cause, string why) => new("ECSR5195", CheckFailed,
        $"EcsAfterDeploy '{check}' failed, and '{service}' could not be set back: {Sentence(why)} The check: {Sentence(cause)}");

    public static Notice GateTaskLeft(string option, string cluster, string task, string why) => new("ECSR5196",
        $"The task of {option} could not be stopped and may still run: {why.TrimEnd('.')}. Stop it: aws ecs stop-task --cluster {ShellWord.Of(cluster)} --task {task}{RegionFlag(task)}");

    public static Notice GateTaskUnknown(string option, string cluster, string startedBy, string revision, bool isFollowed) => new("ECSR5197",
        $"No answer came to RunTask for {option}, so its command may be running. {(isFollowed ? "The next run follows it. " : "")}Look: aws ecs list-tasks --cluster {ShellWord.Of(cluster)} --started-by {startedBy}{RegionFlag(revision)}");

    public static Notice AfterDeployNotRun(string check, string why) => new("ECSR5198",
        $"EcsAfterDeploy '{check}' was not run: {why}.");

    private static string Sentence(string text) => text.TrimEnd('.', ' ') + ".";

    private static string RegionFlag(string arn) => arn.Split(':') is [_, _, _, { Length: > 0 } region, ..] ? $" --region {region}" : "";
}

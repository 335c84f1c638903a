using static EcsRelease.ReleaseOutcome;

namespace EcsRelease;

// 5265 to 5284: run, logs, scale, restart
public static partial class Errors
{
    public static EcsReleaseException RunFlagUnknown(string flag) => new("ECSR5265", Invalid,
        $"Unknown flag '{flag}'. What belongs to the command comes after two dashes: ecs-release run --service NAME -- COMMAND {ShellWord.Of(flag)}");

    public static EcsReleaseException RunOverridesTooLong(int length, int most) => new("ECSR5266", Refused,
        $"Command and variables are {length} characters long as RunTask sends them; it takes {most}. Put what is long where the command can read it (an object in S3, a parameter), and give its name.");

    public static EcsReleaseException RunNotStarted(string command, string service, string cause) => new("ECSR5267", Failed,
        $"'{command}' did not start where '{service}' runs: {Sentence(cause)}");

    /// <param name="task">What became of its task.</param>
    public static EcsReleaseException RunTimedOut(string command, TimeSpan limit, string task) => new("ECSR5268", TimedOut,
        $"'{command}' did not end within {limit.TotalMinutes:0.#} min (--timeout). {task}");

    public static EcsReleaseException RunWithoutExitCode(string command, string cause) => new("ECSR5269", Failed,
        $"'{command}' ran, and ECS knows no exit code of it: {Sentence(cause)}");

    public static EcsReleaseException ContainerNotInRevision(string container, string revision, IEnumerable<string> names) => new("ECSR5270", Refused,
        $"There is no container '{container}' in {revision}; there are {string.Join(", ", names)}. Name one of them: --container NAME");

    public static EcsReleaseException RevisionNotRunnable(string revision, string status) => new("ECSR5271", Refused,
        $"{revision} is {status}, and ECS runs ACTIVE revisions alone. Take another one: ecs-release run --revision N, or without it the live one.");

    public static Notice RestartedDigestMoved(string service, string revision, string image, string before, string now) => new("ECSR5273",
        $"'{service}' runs {revision} as before, but another image: '{image}' was {before} and is {now} now. Release with EcsImageReference=digest, or make the repository's tags immutable.");

    /// <param name="kind">What stands against it, e.g. `is an Express Mode service`.</param>
    /// <param name="next">What to do.</param>
    public static EcsReleaseException NotRestarted(string service, string kind, string next) => new("ECSR5272", Refused,
        $"Service '{service}' {kind}, and UpdateService cannot deploy it anew. {next}");

    public static EcsReleaseException NotScaled(string service, string kind, string next) => new("ECSR5279", Refused,
        $"Service '{service}' {kind}, so its count is not set by hand. {next}");

    public static Notice ScaleOwned(string service, Deployments.ServiceOwner owner, int count) => new("ECSR5280",
        $"Service '{service}' belongs to {owner.Text}, whose next update may set its count back. Set it to {count} there as well.");

    public static EcsReleaseException OwnedRefused(string service, Deployments.ServiceOwner owner) => new("ECSR5281", Refused,
        $"Service '{service}' belongs to {owner.Text}, and EcsOwned=refuse leaves all changes to it. Change it there, or all the same: --owned warn");

    public static EcsReleaseException ScaleFailed(string service, int desired, int running, string cause) => new("ECSR5282", Failed,
        $"'{service}' is to have {desired} tasks and {running} run: {Sentence(cause)} ECS goes on trying.");

    public static EcsReleaseException ScaleTimedOut(string service, int desired, int running, TimeSpan limit, string? cause) => new("ECSR5283", TimedOut,
        $"'{service}' is to have {desired} tasks, and after {limit.TotalMinutes:0.#} min {running} run{(cause is null ? "" : $": {cause.TrimEnd('.', ' ')}")}. ECS goes on with it.");

    public static EcsReleaseException ScaleChanged(string service, int wanted, int now) => new("ECSR5284", Superseded,
        $"'{service}' was to have {wanted} tasks, and in the meantime somebody else set {now}: a person, or Application Auto Scaling, whose limits are shown by: aws application-autoscaling describe-scalable-targets --service-namespace ecs");

    public static EcsReleaseException LogsNowhere(string service) => new("ECSR5274", Refused,
        $"No container of '{service}' logs to CloudWatch Logs of this region; where its logs are, the warnings above say. Let it log there: logConfiguration with the driver awslogs, awslogs-group, awslogs-region and awslogs-stream-prefix.");

    public static EcsReleaseException TaskNotFound(string task, string service) => new("ECSR5275", Refused,
        $"No task '{task}' of '{service}' is known to ECS, and no log of one was found. See those that run: ecs-release logs --service {ShellWord.Of(service)} --tail 1");

    public static Notice LogsByTimeAlone(string service) => new("ECSR5276",
        $"ECS forgets stopped tasks of '{service}' after about an hour: lines of older ones are told apart by the time in which the release was live, so some may be of the release before or after it.");

    /// <param name="where">In parentheses: where its log is, or why there is none.</param>
    public static Notice LogElsewhere(string container, string where) => new("ECSR5277",
        $"The log of container '{container}' is not shown {where}.");

    public static Notice LogUnread(string container, string task, string why) => new("ECSR5278",
        $"The log of container '{container}' of task {task} cannot be read: {why.TrimEnd('.')}. It is tried again.");
}

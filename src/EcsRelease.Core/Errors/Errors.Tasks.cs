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

    public static EcsReleaseException RevisionNotActive(string revision, string status) => new("ECSR5271", Refused,
        $"{revision} is {status}, and ECS runs ACTIVE revisions alone. Take another one: ecs-release run --revision N, or without it the live one.");

    /// <param name="wanted">e.g. `commit '3f2a'`.</param>
    public static EcsReleaseException ReleaseNotFound(string wanted, string family) => new("ECSR5272", Refused,
        $"No revision of '{family}' is of {wanted}. See what there is: aws ecs list-task-definitions --family-prefix {ShellWord.Of(family)} --sort DESC");

    public static EcsReleaseException CommitAmbiguous(string prefix, IEnumerable<string> commits) => new("ECSR5273", Refused,
        $"'{prefix}' begins more than one released commit: {string.Join(", ", commits.Select(Short))}. Give more of it.");
}

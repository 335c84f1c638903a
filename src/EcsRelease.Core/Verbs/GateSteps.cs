using EcsRelease.Deployments;
using EcsRelease.TaskDefinitions;
using static EcsRelease.PlannedCall;

namespace EcsRelease.Verbs;

/// <summary>What a plan tells of the gates.</summary>
internal static class GateSteps
{
    /// <returns>Null when the command is not going to run.</returns>
    public static PlannedStep? Before(ReleasePlan plan, ReleaseOptions options, DesiredRevision desired) =>
        options.BeforeDeploy is not { } command || plan.RunsOurRevision ? null
        : new("before", $"run '{command}' in a task of that revision; go on when it exits with 0") { Calls = Calls(plan, desired) };

    /// <returns>Null when nothing is going to be checked.</returns>
    public static PlannedStep? After(ReleasePlan plan, ReleaseOptions options, DesiredRevision desired)
    {
        if (options is not { AfterDeploy: { } text, StopAfter: StopAfterStep.None, Wait: true })
            return null;
        var check = AfterDeployCheck.Parse(text);
        var isCommand = check.Command.Count > 0;
        return new("after", (isCommand ? $"run '{check.Shown}' in a task of that revision" : $"ask {check.Shown}") + (options.AfterDeployRollback ? "; set the service back when it fails" : ""))
        {
            Calls = isCommand ? Calls(plan, desired) : [],
        };
    }

    // StopTask only when it is given up.
    private static IReadOnlyList<PlannedCall> Calls(ReleasePlan plan, DesiredRevision desired) =>
    [
        Read("ecs:ListTasks", plan.Cluster), Write("ecs:RunTask", desired.Family), Read("ecs:DescribeTasks", plan.Cluster), Read("logs:GetLogEvents", LogGroups.Of(desired) ?? "*"),
    ];
}

namespace EcsRelease.Tool.Commands;

/// <summary>The exit codes of the verbs in words, for help and README.</summary>
internal static class ExitCodes
{
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (0, "released, unchanged, planned, started (--no-wait), handed on (--stop-after)"),
        (1, "unexpected"),
        (2, "invalid options"),
        (3, "refused, nothing was changed"),
        (4, "the image could not be built or pushed"),
        (5, "AWS failed"),
        (6, "rolled back"),
        (7, "failed, rollback failed, service deleted"),
        (8, "superseded or stopped"),
        (9, "timed out; ECS goes on"),
        (10, "paused at a hook"),
        (11, "something would change (plan --exit-code, diff), something is missing (verify)"),
        (12, "EcsBeforeDeploy failed; the service was not updated"),
        (13, "EcsAfterDeploy failed"),
        (14, "several services ended differently, at least one of them badly; prune left something of its plan"),
        (RunCommand.OwnFailure, "run: the command was not run to its end; else run exits as the command did"),
        (130, "cancelled with Ctrl-C; ECS goes on with a deployment that has begun, and the command that follows it is printed"),
    ];
}

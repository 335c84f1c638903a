namespace EcsRelease.TaskRuns;

internal enum CommandFault
{
    /// <summary>It exited with 0.</summary>
    None,

    /// <summary>ECS did not start it, or its container never ran.</summary>
    NotStarted,

    /// <summary>It exited with another code, or ran and ECS does not know with which.</summary>
    Exited,

    TimedOut,
}

/// <summary>How a one-off task ended.</summary>
/// <param name="Task">ARN; null when there was none.</param>
/// <param name="ExitCode">Of the released container; null when it has none.</param>
/// <param name="Cause">Why, for the error's message, without full stop; empty when it went well.</param>
internal sealed record CommandEnd(CommandFault Fault, string? Task, int? ExitCode, string Cause, RolloutEvidence? Evidence = null);

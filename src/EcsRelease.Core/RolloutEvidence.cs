namespace EcsRelease;

/// <summary>What was seen of a rollout, or of a one-off task, that did not succeed (ecs-api.md 4). Part of the release
/// record: its shape is a promise, additions only. AWS's texts are verbatim.</summary>
public sealed record RolloutEvidence
{
    /// <summary>Why, in one sentence without its full stop; null when nothing seen says more than the status reason.</summary>
    public string? Cause { get; init; }

    /// <summary>What that means; null for a text that is not known.</summary>
    public string? Means { get; init; }

    /// <summary>What to do next, one line, with the command to paste where there is one; null for a text that is not known.</summary>
    public string? Next { get; init; }

    public string? StatusReason { get; init; }

    public BreakerEvidence? Breaker { get; init; }

    /// <summary>The alarms that went off.</summary>
    public IReadOnlyList<AlarmEvidence> Alarms { get; init; } = [];

    public IReadOnlyList<HookEvidence> Hooks { get; init; } = [];

    /// <summary>The lifecycle hook that waits for a person; null when none does.</summary>
    public PauseEvidence? Pause { get; init; }

    /// <summary>Events of the service since the update, oldest first.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>Those of <see cref="Events"/> that are no routine, alike ones together, newest first.</summary>
    public IReadOnlyList<EventEvidence> Troubles { get; init; } = [];

    public IReadOnlyList<TaskEvidence> Tasks { get; init; } = [];

    /// <summary>The targets of the service's target groups as they are now, alike ones together.</summary>
    public IReadOnlyList<TargetEvidence> Targets { get; init; } = [];

    /// <summary>Evidence that could not be read, and why.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

public sealed record BreakerEvidence(string? Status, int FailureCount, int Threshold);

/// <param name="State">CloudWatch's StateValue; null when the alarm could not be read.</param>
/// <param name="Reason">CloudWatch's StateReason.</param>
public sealed record AlarmEvidence(string Name, string? State, string? Reason);

/// <param name="Target">ARN of the function; a PAUSE hook has none.</param>
/// <param name="TimeoutAction">What ECS does when nobody answered until <paramref name="ExpiresAt"/>.</param>
public sealed record HookEvidence(string? Id, string? Type, string? Target, string? Status, DateTimeOffset? ExpiresAt, string? TimeoutAction);

/// <param name="Stage">The deployment's lifecycle stage.</param>
/// <param name="ExpiresAt">When ECS stops waiting.</param>
/// <param name="TimeoutAction">What ECS does then: ROLLBACK or CONTINUE.</param>
public sealed record PauseEvidence(string HookId, string? Stage, DateTimeOffset? ExpiresAt, string TimeoutAction);

/// <param name="Message">The newest of them.</param>
public sealed record EventEvidence(string Message, int Count);

/// <param name="Count">How many stopped tasks this entry stands for (same reason and exit codes).</param>
public sealed record TaskEvidence(string Id, string? StopCode, string? Reason, IReadOnlyList<ContainerEvidence> Containers, int Count = 1);

/// <param name="Log">The last lines that it logged, oldest first; a line in parentheses says why there are none.</param>
public sealed record ContainerEvidence(string Name, int? ExitCode, string? Reason, IReadOnlyList<string> Log);

/// <param name="Targets">`ADDRESS:PORT` or `INSTANCE:PORT`.</param>
public sealed record TargetEvidence(string TargetGroup, string? State, string? Reason, string? Description, IReadOnlyList<string> Targets);

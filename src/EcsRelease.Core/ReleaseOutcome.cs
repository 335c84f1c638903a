namespace EcsRelease;

/// <summary>How a release (or another verb) ended. The exit code of each is a promise (DESIGN 5, 14).</summary>
public enum ReleaseOutcome
{
    Succeeded,
    Unchanged,
    Planned,

    /// <summary>The deployment began and was not waited for (`--no-wait`).</summary>
    Started,

    /// <summary>Ended on purpose at EcsStopAfter; the record says what to hand on.</summary>
    HandedOn,
    Unexpected,
    Invalid,

    /// <summary>Nothing was changed.</summary>
    Refused,
    BuildFailed,
    AwsFailed,
    RolledBack,
    Failed,
    RollbackFailed,
    ServiceDeleted,
    Superseded,
    Stopped,
    TimedOut,
    Paused,
    Differs,
    HookFailed,
    CheckFailed,
    Partial,

    /// <summary>Ctrl-C. ECS goes on with what began.</summary>
    Cancelled,
}

public static class ReleaseOutcomes
{
    /// <summary>The process exit code of an outcome.</summary>
    public static int ExitCode(this ReleaseOutcome outcome) => outcome switch
    {
        ReleaseOutcome.Succeeded or ReleaseOutcome.Unchanged or ReleaseOutcome.Planned or ReleaseOutcome.Started or ReleaseOutcome.HandedOn => 0,
        ReleaseOutcome.Unexpected => 1,
        ReleaseOutcome.Invalid => 2,
        ReleaseOutcome.Refused => 3,
        ReleaseOutcome.BuildFailed => 4,
        ReleaseOutcome.AwsFailed => 5,
        ReleaseOutcome.RolledBack => 6,
        ReleaseOutcome.Failed or ReleaseOutcome.RollbackFailed or ReleaseOutcome.ServiceDeleted => 7,
        ReleaseOutcome.Superseded or ReleaseOutcome.Stopped => 8,
        ReleaseOutcome.TimedOut => 9,
        ReleaseOutcome.Paused => 10,
        ReleaseOutcome.Differs => 11,
        ReleaseOutcome.HookFailed => 12,
        ReleaseOutcome.CheckFailed => 13,
        ReleaseOutcome.Partial => 14,
        // 128 + SIGINT, as shells report it.
        ReleaseOutcome.Cancelled => 130,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    /// <summary>The word of the release record: the enum's name with a small first letter.</summary>
    public static string Word<T>(this T value)
        where T : struct, Enum
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}

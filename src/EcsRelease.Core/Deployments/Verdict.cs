namespace EcsRelease.Deployments;

/// <summary>What one look says: go on waiting, follow another deployment, or the end.</summary>
/// <param name="Text">What is going on; for an end that is bad, its cause.</param>
internal sealed record Verdict(string Text)
{
    /// <summary>Null while it goes on.</summary>
    public ReleaseOutcome? Outcome { get; init; }

    /// <summary>Said beside a good outcome.</summary>
    public string? Remark { get; init; }

    /// <summary>ARN of a newer service deployment of our revision, whose outcome is ours.</summary>
    public string? Follow { get; init; }

    /// <summary>Task definition of the deployment that took our place.</summary>
    public string? SupersededBy { get; init; }

    /// <summary>The pause hook that waits for a person.</summary>
    public PauseEvidence? Pause { get; init; }

    /// <summary>Tasks fail and ECS does not end the deployment by itself.</summary>
    public bool IsFailing { get; init; }

    /// <summary>Why rolloutState decided, without the service deployment.</summary>
    public string? WeakerBecause { get; init; }

    public static Verdict Wait(string text) => new(text);

    public static Verdict End(ReleaseOutcome outcome, string cause) => new(cause) { Outcome = outcome };
}

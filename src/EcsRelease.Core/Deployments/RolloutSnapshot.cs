using System.Text.Json.Nodes;

namespace EcsRelease.Deployments;

/// <summary>One look at a rollout: all that the rule decides by.</summary>
internal sealed record RolloutSnapshot
{
    /// <summary>The service as described; null when ECS does not know it.</summary>
    public JsonObject? Service { get; init; }

    /// <summary>Our service deployment as described; null while it is not listed.</summary>
    public JsonObject? Deployment { get; init; }

    /// <summary>Service deployments that were not there before our update, ours left out, oldest first.</summary>
    public IReadOnlyList<OtherDeployment> Others { get; init; } = [];

    /// <summary>The operation that may not be called, e.g. `ecs:ListServiceDeployments`: the weaker rule decides then.</summary>
    public string? Denied { get; init; }

    /// <summary>PRIMARY was going on, now or at an earlier look.</summary>
    public bool IsSeenInProgress { get; init; }

    /// <summary>Since the watch began.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>How long the decisive states have been as they are. ECS's reads are eventually consistent, so some
    /// of them count only after a while.</summary>
    public TimeSpan StateAge { get; init; }
}

/// <param name="TaskDefinition">Of its target revision; null while that revision is not readable yet.</param>
/// <param name="Status">As listed.</param>
internal sealed record OtherDeployment(string Arn, DateTimeOffset CreatedAt, string? TaskDefinition, string? Status);

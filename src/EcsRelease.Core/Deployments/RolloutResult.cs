using System.Text.Json.Nodes;

namespace EcsRelease.Deployments;

/// <summary>What the service looked like just before our update: the baseline of the success rule (ecs-api.md 3).</summary>
/// <param name="ServiceDeployments">ARNs of ListServiceDeployments; null when it may not be listed.</param>
/// <param name="PrimaryId">Id of the PRIMARY deployment (`ecs-svc/N`); null for a service that is created.</param>
/// <param name="PrimarySince">When that one was created; null = not known.</param>
public sealed record RolloutBaseline(IReadOnlySet<string>? ServiceDeployments, string? PrimaryId, DateTimeOffset? PrimarySince = null);

/// <summary>A deployment that was asked for and is to be watched.</summary>
public sealed record StartedRollout
{
    public required string Cluster { get; init; }

    public required string Service { get; init; }

    /// <summary>ARN of the revision that is to go live.</summary>
    public required string TaskDefinition { get; init; }

    public required RolloutBaseline Baseline { get; init; }

    /// <summary>Id of the PRIMARY deployment after the update.</summary>
    public required string PrimaryId { get; init; }

    /// <summary>When the deployment was created, by ECS's clock where it tells.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The command line that follows this rollout from another shell.</summary>
    public string FollowCommand { get => field ?? $"ecs-release wait --cluster {Cluster} --service {Service}"; init; }

    /// <summary>The command line that lets it go on after a pause.</summary>
    public string ContinueCommand { get => field ?? $"ecs-release continue --cluster {Cluster} --service {Service}"; init; }

    /// <summary>The command line that goes back to what was there before it, and does nothing more once it has ended.</summary>
    public string RollbackCommand { get => field ?? $"ecs-release stop --cluster {Cluster} --service {Service}"; init; }

    /// <summary>Id of the lifecycle hook that was answered just before the watch; null = none.</summary>
    public string? AnsweredHook { get; init; }

    /// <summary>ARN of its service deployment where that is known from the start; else the watch finds it.</summary>
    public string? ServiceDeployment { get; init; }

    /// <summary>ARN of the revision whose deployment ours took the place of, where another one had begun since the baseline.</summary>
    public string? Overtook { get; init; }

    /// <summary>The update began nothing new: the revision was PRIMARY already.</summary>
    public bool IsAttached => PrimaryId == Baseline.PrimaryId;
}

/// <param name="Service">The service as last described.</param>
public sealed record RolloutResult(ReleaseOutcome Outcome, string? ServiceDeployment, EcsReleaseException? Error, RolloutEvidence? Evidence, JsonObject? Service)
{
    /// <summary>Said beside a good outcome, e.g. `early, 2 of 3 tasks`.</summary>
    public string? Remark { get; init; }
}

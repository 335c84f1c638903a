using System.Text.Json.Serialization;
using EcsRelease.Git;

namespace EcsRelease.Verbs;

/// <summary>What is live in a service: the document of `status --json`. Its shape is a promise, additions only.</summary>
public sealed record ServiceStatus
{
    public int Schema { get; init; } = 1;

    public required string Version { get; init; }

    public required string Target { get; init; }

    public required string Account { get; init; }

    public required string Region { get; init; }

    public required string Cluster { get; init; }

    public required string Service { get; init; }

    /// <summary>ACTIVE or DRAINING; among several services also MISSING and UNREAD, with <see cref="Code"/>.</summary>
    public required string State { get; init; }

    /// <summary>Who deploys it: ECS, CODE_DEPLOY or EXTERNAL.</summary>
    public string Controller { get; init; } = "ECS";

    /// <summary>The commit of the PRIMARY revision, from its tags, else from its image's tag; null when neither says.</summary>
    public string? Commit { get; init; }

    public string? Branch { get; init; }

    /// <summary>First line of the commit's message; null where the commit is not in this clone.</summary>
    public string? Subject { get; init; }

    /// <summary>Name of the commit's author; null where the commit is not in this clone.</summary>
    public string? Author { get; init; }

    /// <summary>When PRIMARY was created: a release, a rollback or a restart.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }

    public string? TaskDefinition { get; init; }

    /// <summary>A release of this tool made the revision; false = somebody by hand or another tool; null when there is none.</summary>
    public bool? IsReleased { get; init; }

    public string? Image { get; init; }

    /// <summary>By the revision's tags.</summary>
    public string? Digest { get; init; }

    /// <summary>What PRIMARY's tasks really run, by its service revision; null when ECS does not tell.</summary>
    public string? RunningDigest { get; init; }

    public required int Running { get; init; }

    public required int Pending { get; init; }

    public required int Desired { get; init; }

    /// <summary>The deployments of the service, PRIMARY first; its task sets where another controller than ECS has them in
    /// place of deployments.</summary>
    public IReadOnlyList<DeploymentStatus> Deployments { get; init; } = [];

    public string? Owner { get; init; }

    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>How HEAD of the clone here stands to the live commit.</summary>
    public HeadDrift? Head { get; init; }

    /// <summary>Why this service of several has no status, e.g. `ECSR4010`.</summary>
    public string? Code { get; init; }

    public string? Message { get; init; }

    /// <summary>What lies behind <see cref="Code"/>.</summary>
    [JsonIgnore]
    public EcsReleaseException? Error { get; init; }
}

/// <param name="Status">PRIMARY, ACTIVE, INACTIVE; of a task set also DRAINING.</param>
/// <param name="State">COMPLETED, IN_PROGRESS, FAILED, null behind a Classic Load Balancer; of a task set
/// STABILIZING, STEADY_STATE.</param>
public sealed record DeploymentStatus(
    string Id, string Status, string? State, string? Reason, string TaskDefinition, int Running, int Desired, int Failed, DateTimeOffset? UpdatedAt);

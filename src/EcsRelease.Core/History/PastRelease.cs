using System.Text.Json;
using System.Text.Json.Serialization;

namespace EcsRelease.History;

/// <summary>How one release of a service ended, as ECS tells it today.</summary>
[JsonConverter(typeof(PastEndWord))]
public enum PastEnd
{
    /// <summary>Its service deployment ended SUCCESSFUL.</summary>
    Succeeded,

    /// <summary>It is under way, or being rolled back.</summary>
    InProgress,

    /// <summary>ROLLBACK_SUCCESSFUL: the service was set back.</summary>
    RolledBack,

    /// <summary>ROLLBACK_FAILED, or STOPPED with its breaker or an alarm triggered and no rollback.</summary>
    Failed,

    /// <summary>STOPPED by a newer deployment.</summary>
    Superseded,

    /// <summary>STOPPED by somebody.</summary>
    Stopped,

    /// <summary>ECS does not tell: older than the 90 days that it keeps service deployments (only the revision and its tags
    /// speak of it), or its deployment may not be read.</summary>
    Unknown,
}

/// <summary>One line of a service's history: a service deployment and the revision it brought, or, beyond the 90 days
/// of service deployments, a revision alone. Read by <c>ServiceHistory</c>, newest first.</summary>
public sealed record PastRelease
{
    /// <summary>ARN of the revision.</summary>
    public required string TaskDefinition { get; init; }

    public required int Revision { get; init; }

    /// <summary>From the revision's tags, else from its image's tag; null when neither says.</summary>
    public string? Commit { get; init; }

    public string? Branch { get; init; }

    public string? Actor { get; init; }

    /// <summary>First line of the commit's message; null where the commit is not in this clone.</summary>
    public string? Subject { get; init; }

    /// <summary>The image as the revision names it, of the released container.</summary>
    public string? Image { get; init; }

    /// <summary>The digest that ran, by the service revision; else by the revision's tags.</summary>
    public string? Digest { get; init; }

    /// <summary>ARN; null beyond the 90 days.</summary>
    public string? ServiceDeployment { get; init; }

    /// <summary>When its deployment was created; beyond the 90 days, when the revision was registered.</summary>
    public DateTimeOffset? At { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public PastEnd End { get; init; } = PastEnd.Unknown;

    /// <summary>ECS's own words.</summary>
    public string? StatusReason { get; init; }

    /// <summary>From the end of its rollout until another revision took over (see <c>LiveTimes</c>); null when it never was
    /// live, or unknown.</summary>
    [JsonIgnore]
    public TimeSpan? LiveFor { get; init; }

    /// <summary><see cref="LiveFor"/> in seconds.</summary>
    public double? LiveSeconds => LiveFor is { } time ? Math.Round(time.TotalSeconds, 3) : null;

    /// <summary>What the service has now: of several deployments of the live revision the newest that succeeded.</summary>
    public bool IsLive { get; init; }

    /// <summary>A release of this tool made the revision; false = somebody by hand or another tool; null where the revision
    /// cannot be read.</summary>
    public bool? IsReleased { get; init; }

    /// <summary>ACTIVE, INACTIVE, DELETE_IN_PROGRESS: only an ACTIVE revision can be deployed again. UNREADABLE where it
    /// was deleted or may not be read.</summary>
    public string RevisionStatus { get; init; } = "ACTIVE";
}

internal sealed class PastEndWord() : JsonStringEnumConverter<PastEnd>(JsonNamingPolicy.CamelCase);

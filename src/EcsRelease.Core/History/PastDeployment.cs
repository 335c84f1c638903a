using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;

namespace EcsRelease.History;

/// <summary>A service deployment of any age.</summary>
/// <param name="Brief">As listed.</param>
/// <param name="Described">Where more than the brief was needed and could be read: stopped and rolled back ones.</param>
/// <param name="Revision">Its target service revision.</param>
/// <param name="BackTo">Task definition that its rollback went back to.</param>
internal sealed record PastDeployment(JsonObject Brief, JsonObject? Described, JsonObject? Revision, string? BackTo)
{
    public string Arn => Brief.Text("serviceDeploymentArn") ?? "";

    public string Status => Brief.Text("status") ?? "";

    public string? TaskDefinition => Revision.Text("taskDefinition");

    public DateTimeOffset CreatedAt => Brief.Time("createdAt") ?? DateTimeOffset.MinValue;

    public DateTimeOffset? EndedAt => Brief.Time("finishedAt") ?? Described.Time("stoppedAt");

    /// <param name="all">Of the same service, this one may be among them.</param>
    public PastEnd EndAmong(IEnumerable<PastDeployment> all) => Status switch
    {
        "SUCCESSFUL" => PastEnd.Succeeded,
        "ROLLBACK_SUCCESSFUL" => PastEnd.RolledBack,
        "ROLLBACK_FAILED" => PastEnd.Failed,
        "STOPPED" => StoppedAmong(all),
        // Also a status that is newer than this code.
        _ => EndedAt is null ? PastEnd.InProgress : PastEnd.Unknown,
    };

    // Rows 8 to 10 of RolloutRule, seen later: by now a newer deployment says nothing unless it was there when this one
    // was stopped, and one that is superseded has no breaker that tripped.
    private PastEnd StoppedAmong(IEnumerable<PastDeployment> all)
    {
        if (Described is not null && RolloutCause.IsTriggered(Described))
            return PastEnd.Failed;
        var stop = Described.Time("stoppedAt") ?? EndedAt ?? DateTimeOffset.MaxValue - RolloutRule.ClockTolerance;
        if (all.Any(each => each.CreatedAt > CreatedAt && each.CreatedAt <= stop + RolloutRule.ClockTolerance))
            return PastEnd.Superseded;
        return Described is null ? PastEnd.Unknown : PastEnd.Stopped;
    }
}

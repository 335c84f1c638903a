using System.Globalization;

namespace EcsRelease.History;

/// <summary>A revision of a service with all that its history says of it.</summary>
/// <param name="Newest">Its newest line.</param>
/// <param name="Good">Its newest line that ended well; null when none did, or none is known.</param>
internal sealed record KnownRevision(PastRelease Newest, PastRelease? Good)
{
    /// <summary>It was brought to the service and no time it ended well.</summary>
    public bool EndedBadly => Good is null && Newest.End is PastEnd.RolledBack or PastEnd.Failed or PastEnd.Superseded or PastEnd.Stopped;

    /// <summary>The line that says the most for it.</summary>
    public PastRelease Best => Good ?? Newest;

    public bool IsActive => Newest.RevisionStatus == "ACTIVE";

    /// <param name="history">Newest first.</param>
    /// <returns>Newest first.</returns>
    public static IReadOnlyList<KnownRevision> Of(IEnumerable<PastRelease> history) =>
    [
        .. history.GroupBy(each => each.TaskDefinition)
            .Select(lines => new KnownRevision(lines.First(), lines.FirstOrDefault(each => each.End == PastEnd.Succeeded))),
    ];

    /// <summary>Of several revisions of one release: the newest that ended well, else the newest that can be deployed.</summary>
    public static KnownRevision? Choose(IReadOnlyList<KnownRevision> revisions) =>
        revisions.Where(each => each is { IsActive: true, Good: not null }).MaxBy(each => each.Good!.At)
        ?? revisions.FirstOrDefault(each => each.IsActive)
        ?? (revisions.Count > 0 ? revisions[0] : null);

    /// <summary>`orders:6 (3f2a91c0d4b5 'Fix the total', 2026-11-24 17:20 UTC, rolled back)`.</summary>
    /// <param name="subject">Of its commit; null = unknown.</param>
    public string Text(string? subject)
    {
        var commit = Best.Commit is { } sha ? sha[..Math.Min(12, sha.Length)] + (subject is null ? "" : $" '{InertText.Of(subject)}'") : "commit unknown";
        var when = Best.At is { } at ? $", {at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC" : "";
        return $"{Name} ({commit}{when}, {EndText}{(IsActive ? "" : ", " + Newest.RevisionStatus)})";
    }

    /// <summary>`FAMILY:REVISION`.</summary>
    public string Name => Newest.TaskDefinition.Split('/')[^1];

    /// <summary>How it ended, in words.</summary>
    public string EndText => Best.End switch
    {
        PastEnd.Succeeded => "succeeded",
        PastEnd.InProgress => "in progress",
        PastEnd.RolledBack => "rolled back",
        PastEnd.Failed => "failed",
        PastEnd.Superseded => "superseded",
        PastEnd.Stopped => "stopped",
        _ => "its end is not known",
    };
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace EcsRelease.Pruning;

/// <summary>What prune would do or did: the document of `prune --json`. Its shape is a promise, additions only.</summary>
public sealed record PruneReport
{
    public int Schema { get; init; } = 1;

    public required string Version { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>`planned` (a dry run), `succeeded`, `unchanged` (nothing to do), `partial`.</summary>
    [JsonConverter(typeof(ReleaseRecord.OutcomeWord))]
    public required ReleaseOutcome Outcome { get; init; }

    public string? Code { get; init; }

    public string? Message { get; init; }

    public required string Target { get; init; }

    public required string Account { get; init; }

    public required string Region { get; init; }

    public required string Family { get; init; }

    /// <summary>Of which images are deleted; null without `--images`.</summary>
    public string? Repository { get; init; }

    public required int Keep { get; init; }

    public required int KeepDays { get; init; }

    public required PruneTotals Totals { get; init; }

    /// <summary>Newest first.</summary>
    public IReadOnlyList<PrunedRevision> Revisions { get; init; } = [];

    /// <summary>Images that a pruned revision named, with what belongs to them; others are not looked at.</summary>
    public IReadOnlyList<PrunedImage> Images { get; init; } = [];

    public IReadOnlyList<Notice> Warnings { get; init; } = [];

    public string ToJson() => JsonSerializer.Serialize(this, ReleaseRecord.Json);
}

/// <param name="Revisions">To deregister.</param>
/// <param name="Deletions">Revisions to delete.</param>
/// <param name="Bytes">Sum of the images' compressed sizes. Layers that they share with others are not freed: at most.</param>
public sealed record PruneTotals(int Kept, int Revisions, int Deletions, int Images, long Bytes, int Done, int Failed);

/// <param name="Action">`keep`, `deregister`, `delete` (deregistered first when it is ACTIVE), `none` (INACTIVE already).</param>
/// <param name="Result">`done`, `failed`, `left` (not come to, or in use meanwhile); null when nothing was to be done.</param>
/// <param name="Error">AWS's own words.</param>
public sealed record PrunedRevision(
    string TaskDefinition, int Revision, string? Commit, DateTimeOffset? RegisteredAt, string Status, string Action, IReadOnlyList<string> Reasons, string? Result = null, string? Error = null);

/// <param name="Bytes">Compressed.</param>
/// <param name="Action">`keep`, `delete`.</param>
/// <param name="Result">As of a revision.</param>
public sealed record PrunedImage(
    string Digest, IReadOnlyList<string> Tags, long Bytes, DateTimeOffset? PushedAt, string Action, IReadOnlyList<string> Reasons, string? Result = null, string? Error = null);

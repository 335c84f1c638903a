using System.Text.Json;
using System.Text.Json.Serialization;
using EcsRelease.Git;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>What a rollback is going to do, decided by reads alone: the document of `rollback --dry-run --json`. Its shape
/// is a promise, additions only.</summary>
public sealed record RollbackPlan
{
    public int Schema { get; init; } = 1;

    public required string Version { get; init; }

    /// <summary>`planned`, or `unchanged` when there is nothing to do.</summary>
    public required string Outcome { get; init; }

    /// <summary>`update`, `forceUpdate`, `join` (a deployment of it is under way), `watch`, `unchanged`, or `stop` (the
    /// deployment in progress is undone).</summary>
    public required string Action { get; init; }

    public required string Target { get; init; }

    public required string Account { get; init; }

    public required string Region { get; init; }

    public required string Cluster { get; init; }

    public required string Service { get; init; }

    /// <summary>What the service has now.</summary>
    public required RollbackSide From { get; init; }

    /// <summary>What it goes back to; null when ECS decides that (`stop`) and nothing tells.</summary>
    public RollbackSide? To { get; init; }

    /// <summary>Commits that are live now and are not afterwards, newest first, at most 10.</summary>
    public IReadOnlyList<CommitSubject> TakenBack { get; init; } = [];

    public int TakenBackCount { get; init; }

    /// <summary>Commits that come with it and are not live now.</summary>
    public int BroughtCount { get; init; }

    /// <summary>Why the commits cannot be told; null when they can.</summary>
    public string? CommitsUnknown { get; init; }

    /// <summary>What differs between the two revisions beside the image.</summary>
    public IReadOnlyList<Difference> Differences { get; init; } = [];

    public IReadOnlyList<Notice> Warnings { get; init; } = [];

    [JsonIgnore]
    public bool Changes => Action != "unchanged";

    public string ToJson() => JsonSerializer.Serialize(this, ReleaseRecord.Json);
}

/// <param name="At">When its deployment was created.</param>
/// <param name="End">How its newest deployment, or the newest that went well, ended, in the words of history.</param>
public sealed record RollbackSide(string TaskDefinition, string? Commit, string? Subject, string? Image, string? Digest, DateTimeOffset? At, string End);

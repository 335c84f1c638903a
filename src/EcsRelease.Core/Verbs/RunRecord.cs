using System.Text.Json;
using System.Text.Json.Serialization;

namespace EcsRelease.Verbs;

/// <summary>How a one-off task ended: the document of `run --json`. Its shape is a promise, additions only.</summary>
public sealed record RunRecord
{
    public int Schema { get; init; } = 1;

    public required string Version { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>`succeeded`: exit code 0. `failed`: another one, or it did not start. `started`, `timedOut`.</summary>
    [JsonConverter(typeof(ReleaseRecord.OutcomeWord))]
    public required ReleaseOutcome Outcome { get; init; }

    /// <summary>Null also when the command itself failed.</summary>
    public string? Code { get; init; }

    /// <summary>Why it did not go well; null when it did.</summary>
    public string? Message { get; init; }

    public IReadOnlyList<Notice> Warnings { get; init; } = [];

    public required string Target { get; init; }

    public required string Account { get; init; }

    public required string Region { get; init; }

    public required string Cluster { get; init; }

    public required string Service { get; init; }

    public string? Commit { get; init; }

    /// <summary>ARN of the revision.</summary>
    public required string TaskDefinition { get; init; }

    public required string Container { get; init; }

    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>ARN; null when ECS placed none.</summary>
    public string? Task { get; init; }

    /// <summary>Of the container; null when it has none (yet).</summary>
    public int? ExitCode { get; init; }

    /// <summary>Where its log lies; null when it is not in CloudWatch Logs of this region.</summary>
    public RunLog? Log { get; init; }

    public double Seconds { get; init; }

    public RolloutEvidence? Evidence { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, ReleaseRecord.Json);
}

public sealed record RunLog(string Group, string Stream);

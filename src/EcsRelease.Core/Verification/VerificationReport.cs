using System.Text.Json.Serialization;

namespace EcsRelease.Verification;

/// <param name="Group">`release`, `image`, `taskDefinition` …</param>
/// <param name="Check">What was looked at, e.g. `Fargate size`.</param>
/// <param name="Next">What to do; null unless it failed.</param>
public sealed record CheckLine(string Group, string Check, [property: JsonConverter(typeof(CheckStateWord))] CheckState State, string Message, string? Next);

/// <summary>The document of `verify --json`. Its shape is a promise, additions only.</summary>
public sealed record VerificationReport
{
    [JsonPropertyOrder(-1)]
    public int Schema { get; init; } = 1;

    public required string Version { get; init; }

    /// <summary>`succeeded` or `differs`.</summary>
    public string Outcome => Ending.Word();

    /// <summary>A line that could not be checked counts as failed.</summary>
    public required bool Strict { get; init; }

    public required string Target { get; init; }

    public required string Account { get; init; }

    public required string Region { get; init; }

    public required string Cluster { get; init; }

    public required string Service { get; init; }

    public string? Commit { get; init; }

    public int Ok => Count(CheckState.Ok);

    public int Failed => Count(CheckState.Failed);

    public int CouldNotCheck => Count(CheckState.CouldNotCheck);

    public required IReadOnlyList<CheckLine> Checks { get; init; }

    /// <summary>Those of the plan.</summary>
    public IReadOnlyList<Notice> Warnings { get; init; } = [];

    [JsonIgnore]
    public ReleaseOutcome Ending => Failed > 0 || (Strict && CouldNotCheck > 0) ? ReleaseOutcome.Differs : ReleaseOutcome.Succeeded;

    private int Count(CheckState state) => Checks.Count(line => line.State == state);
}

internal sealed class CheckStateWord() : JsonStringEnumConverter<CheckState>(System.Text.Json.JsonNamingPolicy.CamelCase);

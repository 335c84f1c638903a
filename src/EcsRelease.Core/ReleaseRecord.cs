using System.Text.Json;
using System.Text.Json.Serialization;

namespace EcsRelease;

/// <summary>What a release did and how it ended: the document of `--json` and EcsReleaseRecord. Its shape is a
/// promise, additions only. Absent values are null, never left out.</summary>
public sealed record ReleaseRecord
{
    public int Schema { get; init; } = 1;

    public required string Version { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    [JsonConverter(typeof(OutcomeWord))]
    public required ReleaseOutcome Outcome { get; init; }

    public string? Code { get; init; }

    public string? Message { get; init; }

    public IReadOnlyList<Notice> Warnings { get; init; } = [];

    public string? Commit { get; init; }

    public string? Branch { get; init; }

    public string? Tag { get; init; }

    public string? Image { get; init; }

    public string? Digest { get; init; }

    public IReadOnlyList<string> Platforms { get; init; } = [];

    public IReadOnlyList<string> MovingTags { get; init; } = [];

    public string? Owner { get; init; }

    public string? Strategy { get; init; }

    public string? TaskDefinition { get; init; }

    public string? ServiceDeployment { get; init; }

    public required string Target { get; init; }

    public string? Account { get; init; }

    public string? Region { get; init; }

    public string? Cluster { get; init; }

    public string? Service { get; init; }

    public IReadOnlyList<string> Endpoints { get; init; } = [];

    public PreviousRelease? Previous { get; init; }

    public PushFigures? Push { get; init; }

    /// <summary>Seconds of each step that ran, and `total`.</summary>
    public IReadOnlyDictionary<string, double> Seconds { get; init; } = new Dictionary<string, double>();

    public RolloutEvidence? Evidence { get; init; }

    /// <summary>The evidence that nobody has read yet: less what the message says, and less the events, which were
    /// shown as they came.</summary>
    [JsonIgnore]
    public RolloutEvidence? Unsaid => Evidence is null ? null : Evidence with
    {
        StatusReason = Beyond(Evidence.StatusReason),
        Breaker = Evidence.Breaker is { } breaker && IsSaid($"({breaker.FailureCount} failures, threshold {breaker.Threshold})") ? null : Evidence.Breaker,
        Events = [],
        Next = Beyond(Evidence.Next),
    };

    /// <summary>What lies behind an unexpected outcome, for hosts that are asked for details; never part of the document.</summary>
    [JsonIgnore]
    public Exception? Fault { get; init; }

    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    };

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    private string? Beyond(string? text) => text is null || IsSaid(text.TrimEnd('.', ' ')) ? null : text;

    private bool IsSaid(string text) => Message?.Contains(text, StringComparison.Ordinal) == true;

    private sealed class OutcomeWord : JsonConverter<ReleaseOutcome>
    {
        public override ReleaseOutcome Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Enum.Parse<ReleaseOutcome>(reader.GetString() ?? "", ignoreCase: true);

        public override void Write(Utf8JsonWriter writer, ReleaseOutcome value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Word());
    }
}

/// <summary>The release that was live before this one.</summary>
public sealed record PreviousRelease(string? Commit, string? TaskDefinition);

/// <param name="Builder">`layers`, `dockerfile`, or `none` when the image was there already.</param>
/// <param name="Base">The base image with its digest.</param>
/// <param name="Blobs">Blobs whose bytes were sent.</param>
/// <param name="Bytes">Bytes sent: blobs and manifests.</param>
/// <param name="Requests">HTTP requests to the registry, control plane looks included.</param>
public sealed record PushFigures(string Builder, string? Base, int Blobs, long Bytes, int Requests);

/// <summary>What was seen of a rollout that did not succeed (ecs-api.md 4).</summary>
public sealed record RolloutEvidence
{
    public string? StatusReason { get; init; }

    public BreakerEvidence? Breaker { get; init; }

    /// <summary>Events of the service since the update, oldest first, verbatim.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    public IReadOnlyList<TaskEvidence> Tasks { get; init; } = [];

    /// <summary>What to do next, one line.</summary>
    public string? Next { get; init; }

    /// <summary>The lifecycle hook that waits for a person; null when none does.</summary>
    public PauseEvidence? Pause { get; init; }

    /// <summary>Evidence that could not be read, and why.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <param name="Stage">The deployment's lifecycle stage.</param>
/// <param name="ExpiresAt">When ECS stops waiting.</param>
/// <param name="TimeoutAction">What ECS does then: ROLLBACK or CONTINUE.</param>
public sealed record PauseEvidence(string HookId, string? Stage, DateTimeOffset? ExpiresAt, string TimeoutAction);

public sealed record BreakerEvidence(string? Status, int FailureCount, int Threshold);

/// <param name="Count">How many stopped tasks this entry stands for (same reason and exit codes).</param>
public sealed record TaskEvidence(string Id, string? StopCode, string? Reason, IReadOnlyList<ContainerEvidence> Containers, int Count = 1);

/// <param name="Log">The last lines that it logged, oldest first.</param>
public sealed record ContainerEvidence(string Name, int? ExitCode, string? Reason, IReadOnlyList<string> Log);

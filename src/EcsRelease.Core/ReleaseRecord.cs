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

    /// <summary>The commit that was to be released and changes nothing here (EcsSkipUnchanged): <see cref="Commit"/> is the
    /// live one then. Else null.</summary>
    public string? Skipped { get; init; }

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

    /// <summary>What EcsBeforeDeploy and EcsAfterDeploy came to; null when neither ran.</summary>
    public ReleaseGates? Gates { get; init; }

    /// <summary>The way back because another service of the same run failed (EcsRollbackAll); null when there was none.</summary>
    public GateRollback? SetBack { get; init; }

    /// <summary>Seconds of each step that ran, and `total`.</summary>
    public IReadOnlyDictionary<string, double> Seconds { get; init; } = new Dictionary<string, double>();

    public RolloutEvidence? Evidence { get; init; }

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

    internal sealed class OutcomeWord : JsonConverter<ReleaseOutcome>
    {
        public override ReleaseOutcome Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Enum.Parse<ReleaseOutcome>(reader.GetString() ?? "", ignoreCase: true);

        public override void Write(Utf8JsonWriter writer, ReleaseOutcome value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.Word());
    }
}

/// <summary>The release that was live before this one.</summary>
public sealed record PreviousRelease(string? Commit, string? TaskDefinition);

/// <param name="Before">EcsBeforeDeploy; null when it did not run.</param>
/// <param name="After">EcsAfterDeploy; null when it did not run.</param>
public sealed record ReleaseGates(GateRecord? Before, GateRecord? After);

/// <summary>One gate that ran.</summary>
public sealed record GateRecord
{
    /// <summary>ARN of the one-off task; null for an address, and when ECS did not place it.</summary>
    public string? Task { get; init; }

    /// <summary>Of the released container; null when it has none.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The address that was asked, without password and query.</summary>
    public string? Address { get; init; }

    /// <summary>HTTP status of the last answer.</summary>
    public int? Status { get; init; }

    public required double Seconds { get; init; }

    /// <summary>The way back after a failed check; null when there was none.</summary>
    public GateRollback? Rollback { get; init; }
}

/// <param name="TaskDefinition">ARN of the revision that the service was set back to.</param>
/// <param name="Outcome">How its deployment ended, in the words of `outcome`; null when it did not begin.</param>
public sealed record GateRollback(string TaskDefinition, string? Outcome, string? ServiceDeployment);

/// <param name="Builder">`layers`, `dockerfile`, or `none` when the image was there already.</param>
/// <param name="Base">The base image with its digest.</param>
/// <param name="Blobs">Blobs whose bytes were sent.</param>
/// <param name="Bytes">Bytes sent: blobs and manifests.</param>
/// <param name="Requests">HTTP requests to the registry, control plane looks included.</param>
public sealed record PushFigures(string Builder, string? Base, int Blobs, long Bytes, int Requests);

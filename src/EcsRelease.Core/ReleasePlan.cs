using System.Text.Json.Nodes;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.Git;
using EcsRelease.Images;
using EcsRelease.Images.Ecr;
using EcsRelease.TaskDefinitions;

namespace EcsRelease;

/// <summary>What a release is going to do, decided by reads alone. `plan` prints it, `deploy` does it.</summary>
public sealed record ReleasePlan
{
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Seconds that planning took.</summary>
    public double Seconds { get; init; }

    public required Commit Commit { get; init; }

    /// <summary>The image tag.</summary>
    public required string Tag { get; init; }

    public required string Cluster { get; init; }

    public required string Service { get; init; }

    public required AwsAccess Access { get; init; }

    public required EcrRepository Repository { get; init; }

    /// <summary>`linux/amd64` or `linux/arm64`.</summary>
    public required string Platform { get; init; }

    /// <summary>Everything beside the commit that shapes the image.</summary>
    public required ImageInputs ImageInputs { get; init; }

    /// <summary>`created` of an image that is built.</summary>
    public DateTimeOffset ImageCreatedAt { get; init; }

    /// <summary>The image under the commit's tag; null = it must be built.</summary>
    public ExistingImage? Image { get; init; }

    /// <summary>How the revision names the image; null while it is not built.</summary>
    public string? ImageReference { get; init; }

    /// <summary>How the live revision names the image of the released container.</summary>
    public string? LiveImage { get; init; }

    public bool NeedsBuild => Image is null;

    /// <summary>Requests that looking for repository and image took.</summary>
    public int ImageRequests { get; init; }

    /// <summary>What decides the task definition.</summary>
    public required DefinitionInputs Definition { get; init; }

    /// <summary>Null = it is going to be created.</summary>
    public LiveService? LiveService { get; init; }

    /// <summary>The live revision (DescribeTaskDefinition's answer, tags included); null when there is no service.</summary>
    public JsonObject? LiveRevision { get; init; }

    /// <summary>The commit that is live, where its revision or image says so.</summary>
    public string? LiveCommit { get; init; }

    /// <summary>The branch that the live revision was released from, by its tags.</summary>
    public string? LiveBranch { get; init; }

    /// <summary>The live revision was made by hand since the last release; null = it was not.</summary>
    public HandMadeRevision? Drift { get; init; }

    /// <summary>Blobs of the live image, as far as known: its repository holds them.</summary>
    public IReadOnlySet<string> LiveBlobs { get; init; } = new HashSet<string>();

    /// <summary>What this commit changes against the live one; null when no service is live.</summary>
    public CommitChanges? Commits { get; init; }

    /// <summary>CloudFormation stack or other owner of the service.</summary>
    public string? Owner { get; init; }

    public IReadOnlyList<Notice> Warnings { get; init; } = [];

    /// <summary>What the next revision changes against the live one, one line each.</summary>
    public IReadOnlyList<string> DefinitionChanges { get; init; } = [];

    /// <summary>Hash of the wanted definition's normal form: values that are shown nowhere count in it, too.</summary>
    public string? DefinitionHash { get; init; }

    /// <summary>ARN of the revision that this commit has already; null = one is registered, or none is wanted.</summary>
    public string? ExistingRevision { get; init; }

    /// <summary>The log group of the container where it is missing and made by the release; else null.</summary>
    public string? MissingLogGroup { get; init; }

    /// <summary>Moving tags that the image does not have yet.</summary>
    public IReadOnlyList<string> MovingTags { get; init; } = [];

    /// <summary>What the service needs; null when the release ends before it, or when what is live was read anew.</summary>
    public UpdateAction? Update { get; init; }

    internal bool RunsOurRevision => ExistingRevision is { } ours && LiveService?.TaskDefinition == ours;

    /// <summary>What was planned was agreed to: nothing else may be done.</summary>
    public bool IsBinding { get; init; }

    /// <summary>It was agreed to on a terminal (EcsConfirm), not as a file.</summary>
    public bool IsConfirmed { get; init; }

    /// <summary>EcsConfirm, and nobody has agreed to it yet.</summary>
    internal bool NeedsConfirmation => Definition.Options is { Confirm: true, DryRun: false } && !IsBinding;

    /// <summary>What to do when a plan that was agreed to does not fit any more.</summary>
    internal string PlanAnew => IsConfirmed
        ? "Run the same command again: it asks anew."
        : "Make a new plan with the same options: ecs-release plan --out FILE";

    /// <summary>False when a release has nothing to do: it writes nothing, and there is no rollout to follow.</summary>
    public bool Changes => Update is UpdateAction.Join or UpdateAction.Watch || Calls.Any(call => call.Writes);

    /// <summary>What is going to happen, in order.</summary>
    public IReadOnlyList<PlannedStep> Steps { get; init; } = [];

    /// <summary><see cref="Steps"/> as lines.</summary>
    public IReadOnlyList<string> Actions => [.. Steps.SelectMany(step => step.Details.Select(detail => "  " + detail).Prepend(step.Text))];

    /// <summary>The calls that it makes, each once. Besides, tokens are renewed and reads repeated as need be.</summary>
    public IReadOnlyList<PlannedCall> Calls => [.. Steps.SelectMany(step => step.Calls).Distinct()];
}

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

    /// <summary>Blobs of the live image, as far as known: its repository holds them.</summary>
    public IReadOnlySet<string> LiveBlobs { get; init; } = new HashSet<string>();

    /// <summary>CloudFormation stack or other owner of the service.</summary>
    public string? Owner { get; init; }

    public IReadOnlyList<Notice> Warnings { get; init; } = [];

    /// <summary>What the next revision changes against the live one, one line each.</summary>
    public IReadOnlyList<string> DefinitionChanges { get; init; } = [];

    /// <summary>This commit is live as it is declared: a release would end `unchanged`.</summary>
    public bool IsLive =>
        !NeedsBuild && LiveCommit == Commit.Sha && LiveImage == ImageReference && DefinitionChanges.Count == 0
        && LiveService is { RolloutState: "COMPLETED" } && LiveService.RunningCount >= LiveService.DesiredCount;

    /// <summary>False when a release has nothing to do.</summary>
    public bool Changes => Definition.Options.Force || !IsLive;

    /// <summary>What is going to happen, one line each, in order.</summary>
    public IReadOnlyList<string> Actions { get; init; } = [];
}

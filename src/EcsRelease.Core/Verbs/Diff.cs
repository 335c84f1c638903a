using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Git;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>What differs between two task definitions: the document of `diff --json`. Its shape is a promise, additions only.</summary>
public sealed record DefinitionDiff
{
    public int Schema { get; init; } = 1;

    public required string Version { get; init; }

    /// <summary>`unchanged` or `differs`.</summary>
    public string Outcome => Ended.Word();

    [JsonIgnore]
    public ReleaseOutcome Ended => Differences.Count == 0 ? ReleaseOutcome.Unchanged : ReleaseOutcome.Differs;

    public required string Target { get; init; }

    public required string Account { get; init; }

    public required string Region { get; init; }

    /// <summary>Null when two revisions were named.</summary>
    public string? Cluster { get; init; }

    public string? Service { get; init; }

    public required ComparedDefinition Before { get; init; }

    public required ComparedDefinition After { get; init; }

    public required IReadOnlyList<Difference> Differences { get; init; }

    public IReadOnlyList<Notice> Warnings { get; init; } = [];
}

/// <param name="TaskDefinition">ARN; null = what a release would register.</param>
/// <param name="Commit">Null when neither tags nor image say it.</param>
/// <param name="From">`file:PATH`, `live` or `properties` of what a release would register.</param>
public sealed record ComparedDefinition(string? TaskDefinition, string? Commit, string? From = null);

/// <summary>Compares what a release would register with what is live, or two revisions. Changes nothing.</summary>
public sealed class Diff(ReleaseOptions options, IReleaseTarget target)
{
    /// <summary>Unlike a plan it reads no repository and takes a dirty tree: it is about the definition.</summary>
    /// <exception cref="EcsReleaseException">ECSR4006, 4010, 5164; the definition cannot be made (51xx).</exception>
    public Task<DefinitionDiff> WithLiveAsync(ProjectInfo project, CancellationToken cancellationToken)
    {
        var service = options.Service ?? ReleaseNames.Kebab(project.AssemblyName);
        return Explained.RunAsync($"{options.Cluster}/{service}", () => WithLiveAsync(project, service, cancellationToken));
    }

    /// <param name="first">`FAMILY:REVISION`, an ARN, or a family (its newest).</param>
    /// <exception cref="EcsReleaseException">ECSR5154, 5161.</exception>
    public Task<DefinitionDiff> OfRevisionsAsync(string first, string second, CancellationToken cancellationToken) => Explained.RunAsync(first, async () =>
    {
        using var access = await target.ConnectAsync(cancellationToken);
        var (before, after) = (await DescribeAsync(access.Ecs, first, cancellationToken), await DescribeAsync(access.Ecs, second, cancellationToken));
        var container = options.Container is { } named
            ? RevisionJson.ContainerOf(after.Object("taskDefinition")!, named, second).Text("name")!
            : ReleasedOf(after.Object("taskDefinition")!);
        return Between(access, before, after.Object("taskDefinition")!, container, LiveImage.Of(after, container)) with
        {
            After = new(after.Object("taskDefinition").Text("taskDefinitionArn"), RevisionTags.CommitOf(after)),
        };
    });

    private async Task<DefinitionDiff> WithLiveAsync(ProjectInfo project, string service, CancellationToken cancellationToken)
    {
        List<Notice> warnings = [];
        var commit = await CommitGuard.ReadAsync(options with { AllowDirty = true }, project with { PublishInputs = [], SourceRevisionId = "" }, warnings.Add, cancellationToken);
        using var access = await target.ConnectAsync(cancellationToken);
        var live = await LiveRelease.ReadAsync(access.Ecs, options with { StopAfter = StopAfterStep.None }, service, access, cancellationToken);
        if (live.Service is null)
            throw Errors.ServiceMissing(service, options.Cluster);
        if (live.Revision is not { } revision)
            throw Errors.NothingToCompare(service, options.Cluster);

        var inputs = new DefinitionInputs
        {
            // A live revision that is not ours is shown with its differences, not refused.
            Options = options with { OverwriteDrift = true },
            Service = service,
            ProjectDirectory = project.Directory,
            Region = access.Region,
            Architecture = target.Defaults.Architecture,
            ExecutionRole = target.Defaults.ExecutionRole,
            LiveRevision = revision,
            Commit = commit.Sha,
            Parameters = new ParameterReader(access.Ssm),
        };
        var isLive = live.Commit == commit.Sha && commit.ChangesHash.Length == 0;
        var container = (await TaskDefinitionSource.ResolveAsync(inputs, cancellationToken)).Container;
        var liveImage = LiveImage.Of(revision, container);
        var desired = await TaskDefinitionSource.ResolveAsync(inputs with { Image = isLive ? liveImage : null }, cancellationToken);
        return Between(access, revision, desired.Definition, container, isLive ? liveImage : Words(commit)) with
        {
            Cluster = options.Cluster,
            Service = service,
            After = new(null, commit.Sha, desired.From),
            Warnings = [.. warnings, .. desired.Warnings],
        };
    }

    /// <param name="before">DescribeTaskDefinition's answer.</param>
    private DefinitionDiff Between(AwsAccess access, JsonObject before, JsonObject after, string container, string? image)
    {
        var definition = before.Object("taskDefinition")!;
        var others = Difference.Between(definition, after, container);
        var hadImage = definition.Objects("containerDefinitions").FirstOrDefault(each => each.Text("name") == container).Text("image");
        return new DefinitionDiff
        {
            Version = EngineVersion.Current,
            Target = target.Name,
            Account = access.Account,
            Region = access.Region,
            Before = new(definition.Text("taskDefinitionArn"), RevisionTags.CommitOf(before)),
            After = new(null, null),
            Differences = hadImage == image ? others : [.. others.Where(IsOfTask), new Difference(container, "image", hadImage, image, IsReleased: true), .. others.Where(each => !IsOfTask(each))],
        };
    }

    private static async Task<JsonObject> DescribeAsync(AmazonEcsClient ecs, string revision, CancellationToken cancellationToken)
    {
        try
        {
            return await ecs.DescribeTaskDefinitionAsync(new() { ["taskDefinition"] = revision, ["include"] = new JsonArray("TAGS") }, cancellationToken);
        }
        catch (AwsServiceException e) when (e.ErrorCode is "ClientException" or "InvalidParameterException")
        {
            throw Errors.RevisionNotFound(revision, e.Message);
        }
    }

    private static string ReleasedOf(JsonObject definition) =>
        definition.Objects("containerDefinitions").OrderByDescending(each => each.Flag("essential") ?? true).First().Text("name") ?? "";

    private static bool IsOfTask(Difference difference) => difference.Container is null;

    private static string Words(Commit commit) => $"the image of commit {commit.Sha}{(commit.ChangesHash.Length > 0 ? " with the changes of the working tree" : "")}";
}

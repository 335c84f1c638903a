using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EcsRelease.Aws;

namespace EcsRelease.TaskDefinitions;

/// <summary>A live revision that somebody made by hand after a release of ours: drift.</summary>
/// <param name="TaskDefinition">ARN of the live revision.</param>
/// <param name="Release">ARN of the last release's revision before it.</param>
/// <param name="Differences">What was changed by hand. The user's own text is hidden: a password may have been put there.</param>
public sealed record HandMadeRevision(string TaskDefinition, string Release, IReadOnlyList<Difference> Differences)
{
    private const int Shown = 8;

    // Of as many revisions before the live one the release's is looked for.
    private const int Newest = 10;

    /// <summary>The release's revision, as DescribeTaskDefinition answers it.</summary>
    [JsonIgnore]
    internal JsonObject Released { get; private init; } = [];

    /// <returns>Null when a release made the live revision, when none of ours was there before (a service that is adopted),
    /// and where tags and labels do not tell.</returns>
    /// <param name="live">DescribeTaskDefinition's answer.</param>
    public static async Task<HandMadeRevision?> FindAsync(AmazonEcsClient ecs, JsonObject? live, TagPolicy tags, CancellationToken cancellationToken)
    {
        if (live?.Object("taskDefinition") is not { } definition || RevisionOrigin.ReleasedContainer(live) is not null
            || RevisionTags.Read(live).HashVersion is not (null or NormalForm.Version))
            return null;
        // Without tags only labels tell, and those a definition has itself.
        if (tags == TagPolicy.Off && !definition.Objects("containerDefinitions").Any(RevisionLabels.IsFromProperties))
            return null;
        if (await OrNullAsync(() => LastReleaseAsync(ecs, definition, cancellationToken)) is not { } released || RevisionOrigin.IsReleased(live, released))
            return null;
        var before = released.Object("taskDefinition")!;
        var container = RevisionOrigin.ReleasedContainer(released)!;
        List<Difference> differences = [.. Difference.Between(before, definition, container, hidesBoth: true)];
        if (LiveImage.Of(released, container) is var image && LiveImage.Of(live, container) is var now && image != now)
            differences.Add(new(container, "image", image, now, IsReleased: true));
        return differences.Count == 0
            ? null
            : new(definition.Text("taskDefinitionArn")!, before.Text("taskDefinitionArn")!, differences) { Released = released };
    }

    /// <summary>Says what becomes of it, by where the definition comes from.</summary>
    /// <exception cref="EcsReleaseException">ECSR5228: a file would undo it unasked.</exception>
    public void Check(ReleaseOptions options, string service, DesiredRevision desired, Action<Notice> warn)
    {
        var undone = Differences.Where(mine => desired.Differences.Any(other => (other.Container, other.Member) == (mine.Container, mine.Member))).ToList();
        var (live, release) = (Name(TaskDefinition), Name(Release));
        if (options.OverwriteDrift)
        {
            if (undone.Count > 0)
                warn(Errors.HandMadeOverwritten(service, live, release, Lines(undone)));
        }
        else if (desired.From == "live")
            warn(Errors.HandMadeKept(service, live, release, Lines(Differences)));
        else if (desired.From != "properties" && undone.Count > 0)
            throw Errors.HandMadeRefused(service, live, release, Lines(undone), desired.From["file:".Length..]);
    }

    private static string Lines(IReadOnlyList<Difference> differences) =>
        string.Join("; ", differences.Take(Shown)) + (differences.Count > Shown ? $"; and {differences.Count - Shown} more" : "");

    private static async Task<JsonObject?> LastReleaseAsync(AmazonEcsClient ecs, JsonObject live, CancellationToken cancellationToken)
    {
        var listed = await ecs.ListTaskDefinitionsAsync(
            new() { ["familyPrefix"] = live.Text("family"), ["status"] = "ACTIVE", ["sort"] = "DESC", ["maxResults"] = 100 }, cancellationToken);
        var number = live.Integer("revision") ?? 0;
        var before = listed.Texts("taskDefinitionArns").Where(arn => int.TryParse(arn.Split(':')[^1], out var revision) && revision < number).Take(Newest);
        var described = await Task.WhenAll(before.Select(arn => ecs.DescribeTaskDefinitionAsync(
            new() { ["taskDefinition"] = arn, ["include"] = new JsonArray("TAGS") }, cancellationToken)));
        return described.FirstOrDefault(each => RevisionOrigin.ReleasedContainer(each) is not null);
    }

    // A guard that may not read is no reason to refuse a release.
    private static async Task<JsonObject?> OrNullAsync(Func<Task<JsonObject?>> read)
    {
        try
        {
            return await read();
        }
        catch (AwsServiceException denied) when (denied.IsAccessDenied)
        {
            return null;
        }
    }

    private static string Name(string arn) => arn.Split('/')[^1];
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Pruning;

/// <summary>Reads task definition revisions: those of the family, and for images those of all others.</summary>
/// <param name="ecs">Paced.</param>
/// <param name="container">The released one; null = the first essential one.</param>
internal sealed class FamilyReader(AmazonEcsClient ecs, string? container)
{
    private const int RevisionsACall = 100;

    /// <summary>ARNs of revisions.</summary>
    /// <param name="family">Null = of all families.</param>
    /// <param name="status">ACTIVE or INACTIVE.</param>
    public Task<List<string>> ListAsync(string? family, string status, CancellationToken cancellationToken)
    {
        var request = new JsonObject { ["status"] = status, ["sort"] = "DESC", ["maxResults"] = RevisionsACall };
        if (family is not null)
            request["familyPrefix"] = family;
        return LiveUses.ListAsync(ecs.ListTaskDefinitionsAsync, request, "taskDefinitionArns", cancellationToken);
    }

    public Task<IReadOnlyList<FamilyRevision>> DescribeAsync(IEnumerable<string> taskDefinitions, Action<int> read, CancellationToken cancellationToken)
    {
        var count = 0;
        return PacedCalls.AllAsync(taskDefinitions, async (arn, stop) =>
        {
            var described = await ecs.DescribeTaskDefinitionAsync(new() { ["taskDefinition"] = arn, ["include"] = new JsonArray("TAGS") }, stop);
            read(Interlocked.Increment(ref count));
            return FamilyRevision.Of(described, container);
        }, cancellationToken);
    }

    /// <summary>The images that other families name: their ACTIVE revisions, and deregistered ones that something still
    /// refers to.</summary>
    /// <param name="family">Left out; null = none.</param>
    /// <param name="where">Of the region, for people.</param>
    public async Task ReadOthersAsync(string? family, string where, References into, Action<int, int> read, CancellationToken cancellationToken) =>
        await SourceRead.TryAsync(into, $"the task definitions of other families{where}", "ecs:ListTaskDefinitions, ecs:DescribeTaskDefinition", async () =>
        {
            var active = await ListAsync(null, "ACTIVE", cancellationToken);
            into.Read.UnionWith(active);
            var known = active.Select(FamilyRevision.NameOf).ToHashSet(StringComparer.Ordinal);
            var others = active.Concat(into.Revisions.Where(name => name.Contains(':', StringComparison.Ordinal) && !known.Contains(name)))
                .Where(arn => FamilyRevision.FamilyOf(arn) != family).ToList();
            foreach (var other in await DescribeOrMissAsync(others, count => read(count, others.Count), cancellationToken))
                foreach (var image in other.Images)
                    into.AddImage(image, $"{other.Name}{where} names it");
            return others;
        }, onlyImages: true);

    // One that was deleted in between names nothing.
    private async Task<IEnumerable<FamilyRevision>> DescribeOrMissAsync(IReadOnlyList<string> taskDefinitions, Action<int> read, CancellationToken cancellationToken)
    {
        var count = 0;
        var found = await PacedCalls.AllAsync(taskDefinitions, async (arn, stop) =>
        {
            try
            {
                var described = await ecs.DescribeTaskDefinitionAsync(new() { ["taskDefinition"] = arn }, stop);
                read(Interlocked.Increment(ref count));
                return FamilyRevision.Of(described);
            }
            catch (AwsServiceException gone) when (gone.ErrorCode == "ClientException" && gone.Message.Contains("Unable to describe task definition", StringComparison.Ordinal))
            {
                return null;
            }
        }, cancellationToken);
        return found.OfType<FamilyRevision>();
    }
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>Which revisions of a service's family are meant.</summary>
/// <param name="Commit">A prefix of the released commit; null = not by commit.</param>
/// <param name="Revision">Number of the revision; null = not by revision.</param>
public sealed record RevisionChoice(string? Commit = null, int? Revision = null)
{
    // Each costs a read.
    private const int MaxRevisions = 100;

    public bool IsLive => Commit is null && Revision is null;

    /// <summary>The choice in words.</summary>
    public string Text => Commit is not null ? $"commit '{Commit}'" : Revision is not null ? $"revision '{Revision}'" : "the live revision";

    /// <param name="live">ARN of the live revision.</param>
    /// <returns>As described, tags included, newest first; at least one.</returns>
    /// <exception cref="EcsReleaseException">ECSR5272, 5273.</exception>
    /// <exception cref="AwsServiceException"/>
    internal async Task<IReadOnlyList<JsonObject>> FindAsync(AmazonEcsClient ecs, string live, CancellationToken cancellationToken)
    {
        var family = live.Split('/')[^1].Split(':')[0];
        if (IsLive)
            return [await DescribeAsync(ecs, live, cancellationToken)];
        if (Revision is { } number)
            return [await NumberedAsync(ecs, family, number, cancellationToken)];
        List<JsonObject> found = [];
        await foreach (var arn in ArnsAsync(ecs, family, cancellationToken).Take(MaxRevisions))
            if (await DescribeAsync(ecs, arn, cancellationToken) is { } described
                && RevisionTags.CommitOf(described)?.StartsWith(Commit!, StringComparison.OrdinalIgnoreCase) == true)
                found.Add(described);
        var commits = found.Select(RevisionTags.CommitOf).Distinct().ToList();
        return commits.Count switch
        {
            0 => throw Errors.ReleaseNotFound(Text, family),
            1 => found,
            _ => throw Errors.CommitAmbiguous(Commit!, commits!),
        };
    }

    private async Task<JsonObject> NumberedAsync(AmazonEcsClient ecs, string family, int number, CancellationToken cancellationToken)
    {
        try
        {
            return await DescribeAsync(ecs, $"{family}:{number}", cancellationToken);
        }
        catch (AwsServiceException unknown) when (unknown.ErrorCode == "ClientException")
        {
            throw Errors.ReleaseNotFound(Text, family);
        }
    }

    private static IAsyncEnumerable<string> ArnsAsync(AmazonEcsClient ecs, string family, CancellationToken cancellationToken) =>
        Paging.ListAllAsync(ecs.ListTaskDefinitionsAsync, new JsonObject { ["familyPrefix"] = family, ["status"] = "ACTIVE", ["sort"] = "DESC" }, "taskDefinitionArns", cancellationToken)
            .Select(arn => (string)arn!);

    private static Task<JsonObject> DescribeAsync(AmazonEcsClient ecs, string revision, CancellationToken cancellationToken) =>
        ecs.DescribeTaskDefinitionAsync(new JsonObject { ["taskDefinition"] = revision, ["include"] = new JsonArray("TAGS") }, cancellationToken);
}

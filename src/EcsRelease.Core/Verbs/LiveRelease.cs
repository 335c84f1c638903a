using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.Images;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>What is live before a release.</summary>
/// <param name="Service">Null when there is none.</param>
/// <param name="Revision">DescribeTaskDefinition's answer for the live revision, tags included.</param>
/// <param name="Commit">The commit of the live revision, where its tags or its image's tag say so.</param>
internal sealed record LiveRelease(LiveService? Service, JsonObject? Revision, string? Commit)
{
    /// <summary>Image names of the revision's containers.</summary>
    public IEnumerable<string> Images =>
        (Revision?["taskDefinition"]?["containerDefinitions"] as JsonArray ?? []).Select(container => (string?)container?["image"]).OfType<string>();

    /// <exception cref="EcsReleaseException">ECSR4006 cluster missing, 4003.</exception>
    public static async Task<LiveRelease> ReadAsync(AmazonEcsClient ecs, ReleaseOptions options, string service, AwsAccess access, CancellationToken cancellationToken)
    {
        if (options.StopAfter == StopAfterStep.Push)
            return new(null, null, null);
        var found = await ReadServiceAsync(ecs, options, service, access, cancellationToken);
        if (found is null || found.TaskDefinition.Length == 0)
            return new(found, null, null);
        var revision = await ecs.DescribeTaskDefinitionAsync(
            new() { ["taskDefinition"] = found.TaskDefinition, ["include"] = new JsonArray("TAGS") }, cancellationToken);
        return new(found, revision, RevisionTags.CommitOf(revision));
    }

    internal static async Task<LiveService?> ReadServiceAsync(AmazonEcsClient ecs, ReleaseOptions options, string service, AwsAccess access, CancellationToken cancellationToken)
    {
        try
        {
            if (await LiveService.ReadAsync(ecs, options.Cluster, service, cancellationToken) is { } found)
                return found;
            var clusters = await ecs.DescribeClustersAsync(new() { ["clusters"] = new JsonArray(options.Cluster) }, cancellationToken);
            return (clusters["clusters"] as JsonArray)?.Any(cluster => (string?)cluster?["status"] == "ACTIVE") == true
                ? null
                : throw Errors.ClusterMissing(options.Cluster, access.Account, access.Region);
        }
        catch (AwsServiceException e) when (e.ErrorCode == "ClusterNotFoundException" && options.StopAfter != StopAfterStep.Register)
        {
            throw Errors.ClusterMissing(options.Cluster, access.Account, access.Region);
        }
        catch (AwsServiceException e) when (e.ErrorCode == "ClusterNotFoundException")
        {
            // A revision can be handed on to a stack that makes its cluster later.
            return null;
        }
    }
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;

namespace EcsRelease.Verbs;

/// <summary>The service deployment of a revision that is not watched to its end, for the record.</summary>
internal static class BegunDeployment
{
    // DescribeServiceRevisions takes 20 ARNs.
    private const int MaxRevisions = 20;

    // The records of one moment have different times.
    private static readonly TimeSpan _lookBack = TimeSpan.FromSeconds(60);

    /// <returns>Its ARN; null when ECS has not listed it yet, or it cannot be read.</returns>
    public static async Task<string?> FindAsync(AmazonEcsClient ecs, StartedRollout rollout, IReporter reporter, CancellationToken cancellationToken)
    {
        if (rollout.ServiceDeployment is { } known)
            return known;
        try
        {
            var listed = await ecs.ListDeploymentsAsync(rollout.Cluster, rollout.Service, rollout.UpdatedAt - _lookBack, cancellationToken);
            // One of before the update, of the same revision, is not the one that was begun.
            var newest = listed.Where(each => rollout.Baseline.ServiceDeployments?.Contains(each.Text("serviceDeploymentArn") ?? "") != true).OrderByDescending(each => each.Time("createdAt")).Take(MaxRevisions).ToList();
            if (newest.Count == 0)
                return null;
            var revisions = await ecs.DescribeServiceRevisionsAsync(
                new JsonObject { ["serviceRevisionArns"] = newest.Select(Target).Distinct().ToJsonArray() }, cancellationToken);
            var ours = revisions.Objects("serviceRevisions").Where(each => each.Text("taskDefinition") == rollout.TaskDefinition)
                .Select(each => each.Text("serviceRevisionArn")).ToHashSet();
            return newest.FirstOrDefault(each => ours.Contains(Target(each))).Text("serviceDeploymentArn");
        }
        catch (Exception e) when (e is AwsServiceException or EcsReleaseException)
        {
            reporter.Detail($"The service deployment could not be read: {e.Message}");
            return null;
        }
    }

    private static string Target(JsonObject deployment) => deployment.Text("targetServiceRevisionArn") ?? "";
}

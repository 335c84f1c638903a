using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;

namespace EcsRelease.History;

/// <summary>The service deployments that ECS keeps.</summary>
/// <param name="Newest">The newest ones, newest first.</param>
/// <param name="Before">The newest one that succeeded before all of these; null when there is none.</param>
/// <param name="HasMore">There are older ones.</param>
/// <param name="Denied">The operation that may not be called; then there are none, or it is not told how some ended.</param>
internal sealed record PastDeployments(IReadOnlyList<PastDeployment> Newest, PastDeployment? Before, bool HasMore, string? Denied)
{
    /// <summary>ECS keeps service deployments for 90 days (API page of ListServiceDeployments) …</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <summary>… and of no earlier time than this (ECS developer guide, "Service deployments").</summary>
    public static readonly DateTimeOffset Begin = new(2024, 10, 25, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Oldest first, with the one before.</summary>
    public IEnumerable<PastDeployment> Chronological => Newest.Append(Before).OfType<PastDeployment>().Reverse();

    /// <exception cref="AwsServiceException">Access denied is none.</exception>
    public static async Task<PastDeployments> ReadAsync(AmazonEcsClient ecs, string cluster, string service, int limit, CancellationToken cancellationToken)
    {
        try
        {
            // Briefs are cheap and their order is not documented: all of them, then the newest.
            var briefs = (await ecs.ListDeploymentsAsync(cluster, service, Begin, cancellationToken)).OrderByDescending(each => each.Time("createdAt")).ToList();
            var before = briefs.Skip(limit).FirstOrDefault(each => each.Text("status") == "SUCCESSFUL");
            List<JsonObject> wanted = [.. briefs.Take(limit), .. before is null ? [] : new[] { before }];
            var (described, denied) = await DescribeAsync(ecs, wanted, cancellationToken);
            var revisions = await RevisionsAsync(ecs, wanted.Select(Target).Concat(described.Values.Select(BackTo)), cancellationToken);
            List<PastDeployment> all = [.. wanted.Select(Of)];
            return new(before is null ? all : all[..^1], before is null ? null : all[^1], briefs.Count > limit, denied);

            PastDeployment Of(JsonObject brief)
            {
                var more = described.GetValueOrDefault(brief.Text("serviceDeploymentArn") ?? "");
                return new(brief, more, revisions.GetValueOrDefault(Target(brief) ?? ""), revisions.GetValueOrDefault(BackTo(more) ?? "").Text("taskDefinition"));
            }
        }
        catch (AwsServiceException denied) when (denied.IsAccessDenied)
        {
            return new([], null, false, denied.Operation);
        }
    }

    private static string? Target(JsonObject brief) => brief.Text("targetServiceRevisionArn");

    private static string? BackTo(JsonObject? described) => described.Object("rollback").Text("serviceRevisionArn");

    // A brief tells how one ended but not why it was stopped, nor what a rollback went back to.
    private static async Task<(Dictionary<string, JsonObject> Described, string? Denied)> DescribeAsync(AmazonEcsClient ecs, IEnumerable<JsonObject> briefs, CancellationToken cancellationToken)
    {
        var arns = briefs.Where(each => each.Text("status") is { } status && (status == "STOPPED" || status.StartsWith("ROLLBACK_", StringComparison.Ordinal)))
            .Select(each => each.Text("serviceDeploymentArn")).OfType<string>().ToList();
        try
        {
            var answer = await Paging.DescribeAllAsync(
                ecs.DescribeServiceDeploymentsAsync, [], "serviceDeploymentArns", arns, "serviceDeployments", Paging.DeploymentsACall, cancellationToken);
            return (By(answer.Objects("serviceDeployments"), "serviceDeploymentArn"), null);
        }
        catch (AwsServiceException denied) when (denied.IsAccessDenied)
        {
            return ([], denied.Operation);
        }
    }

    private static async Task<Dictionary<string, JsonObject>> RevisionsAsync(AmazonEcsClient ecs, IEnumerable<string?> arns, CancellationToken cancellationToken)
    {
        var answer = await Paging.DescribeAllAsync(
            ecs.DescribeServiceRevisionsAsync, [], "serviceRevisionArns", [.. arns.OfType<string>().Distinct()], "serviceRevisions", Paging.DeploymentsACall, cancellationToken);
        return By(answer.Objects("serviceRevisions"), "serviceRevisionArn");
    }

    private static Dictionary<string, JsonObject> By(IEnumerable<JsonObject> found, string arn) =>
        found.DistinctBy(each => each.Text(arn)).ToDictionary(each => each.Text(arn) ?? "", StringComparer.Ordinal);
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>The image digest that the tasks of a service really run (DescribeServiceRevisions): a tag may have moved
/// since they were started.</summary>
internal static class RunningDigest
{
    /// <summary>Null when unknown: no service revision of the task definition, or they may not be read.</summary>
    /// <exception cref="AwsServiceException"/>
    public static async Task<string?> OfAsync(AmazonEcsClient ecs, LiveService service, string container, CancellationToken cancellationToken)
    {
        // Their order is not documented, and while a deployment goes on there are several.
        var arns = service.Description.Objects("currentServiceRevisions").Select(each => each.Text("arn")).OfType<string>().ToJsonArray();
        if (arns.Count == 0)
            return null;
        try
        {
            var answer = await ecs.DescribeServiceRevisionsAsync(new JsonObject { ["serviceRevisionArns"] = arns }, cancellationToken);
            return answer.Objects("serviceRevisions")
                .Where(revision => revision.Text("taskDefinition") == service.TaskDefinition)
                .OrderByDescending(revision => revision.Time("createdAt"))
                .Select(revision => In(revision, container))
                .FirstOrDefault(digest => digest is not null);
        }
        catch (AwsServiceException e) when (e.IsAccessDenied)
        {
            // The definition alone decides then, as it did before service revisions existed.
            return null;
        }
    }

    /// <summary>Null where ECS resolved none, as with versionConsistency disabled.</summary>
    /// <param name="serviceRevision">As described.</param>
    public static string? In(JsonObject? serviceRevision, string? container) =>
        serviceRevision.Objects("containerImages").FirstOrDefault(image => image.Text("containerName") == container).Text("imageDigest");
}

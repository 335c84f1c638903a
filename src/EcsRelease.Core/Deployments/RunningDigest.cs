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
                .SelectMany(revision => revision.Objects("containerImages"))
                .FirstOrDefault(image => image.Text("containerName") == container).Text("imageDigest");
        }
        catch (AwsServiceException e) when (e.IsAccessDenied)
        {
            // The definition alone decides then, as it did before service revisions existed.
            return null;
        }
    }
}

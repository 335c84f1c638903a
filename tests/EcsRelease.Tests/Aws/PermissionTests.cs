using System.Reflection;
using System.Text.RegularExpressions;
using EcsRelease.Aws;

namespace EcsRelease.Tests.Aws;

/// <summary>The README's list of permissions is what a release needs on AWS, no less and no more.</summary>
public sealed partial class PermissionTests
{
    // A push over the registry protocol (docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html), the mount
    // from another repository, and what IAM checks beside the operation (ecs-api.md 1).
    private static readonly string[] s_besideOperations =
    [
        "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage",
        "sts:GetCallerIdentity", "sts:AssumeRole", "iam:PassRole", "ecs:TagResource",
    ];

    // On AWS a missing log group is refused; only the local target makes it.
    private static readonly string[] s_localOnly = ["logs:CreateLogGroup"];

    [Test]
    public void The_readme_lists_every_action_that_is_called()
    {
        var called = Operations(typeof(AmazonEcsClient), "ecs")
            .Concat(Operations(typeof(AmazonEcrClient), "ecr"))
            .Concat(Operations(typeof(AmazonCloudWatchLogsClient), "logs"))
            .Concat(s_besideOperations).Except(s_localOnly);

        Listed().Should().BeEquivalentTo(called);
    }

    private static IEnumerable<string> Operations(Type client, string prefix) =>
        client.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Select(method => $"{prefix}:{method.Name[..^"Async".Length]}");

    private static IEnumerable<string> Listed()
    {
        var line = File.ReadLines(Path.Combine(Repository.Root, "README.md")).Single(each => each.StartsWith("- Permissions: ", StringComparison.Ordinal));
        return Action().Matches(line).Select(match => match.Groups[1].Value);
    }

    [GeneratedRegex("`([a-z]+:[A-Za-z]+)`")]
    private static partial Regex Action();
}

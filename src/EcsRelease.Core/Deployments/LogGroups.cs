using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Deployments;

/// <summary>The log group that the released container writes to.</summary>
internal static class LogGroups
{
    /// <summary>Null when the container's log driver is not awslogs, or makes its group itself.</summary>
    public static string? Of(DesiredRevision desired)
    {
        var container = desired.Definition["containerDefinitions"]!.AsArray().First(found => (string?)found!["name"] == desired.Container)!;
        var log = container["logConfiguration"];
        return (string?)log?["logDriver"] == "awslogs" && (string?)log["options"]?["awslogs-create-group"] != "true"
            ? (string?)log["options"]?["awslogs-group"]
            : null;
    }

    /// <summary>Null = that of the service.</summary>
    public static string? RegionOf(DesiredRevision desired) =>
        (string?)desired.Definition["containerDefinitions"]!.AsArray().First(found => (string?)found!["name"] == desired.Container)!["logConfiguration"]?["options"]?["awslogs-region"];

    public static async Task<bool> ExistsAsync(AmazonCloudWatchLogsClient logs, string group, CancellationToken cancellationToken)
    {
        var answer = await logs.DescribeLogGroupsAsync(new() { ["logGroupNamePrefix"] = group }, cancellationToken);
        return (answer["logGroups"] as JsonArray ?? []).Any(found => (string?)found!["logGroupName"] == group);
    }

    public static async Task EnsureAsync(AmazonCloudWatchLogsClient logs, string group, CancellationToken cancellationToken)
    {
        try
        {
            await logs.CreateLogGroupAsync(new() { ["logGroupName"] = group }, cancellationToken);
        }
        catch (AwsServiceException e) when (e.ErrorCode == "ResourceAlreadyExistsException")
        {
            // Made by an earlier release.
            return;
        }
    }
}

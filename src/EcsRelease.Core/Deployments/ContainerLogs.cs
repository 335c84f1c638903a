using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>The last lines of a container's log, where its log driver is awslogs.</summary>
internal sealed class ContainerLogs(AmazonCloudWatchLogsClient logs, JsonObject definition)
{
    private const int Lines = 20;

    public bool IsEssential(string container) => Container(container) is not { } found || (found.Flag("essential") ?? true);

    /// <summary>Oldest first; a line in parentheses says why there is none.</summary>
    public async Task<IReadOnlyList<string>> LastAsync(string container, string taskId, string? runtimeId, CancellationToken cancellationToken)
    {
        var place = LogPlace.Of(definition, container, taskId, runtimeId);
        if (place.Elsewhere is { } elsewhere)
            return [$"({elsewhere})"];
        return place is { Group: { } group, Stream: { } stream } ? await ReadAsync(group, stream, cancellationToken) : [];
    }

    private async Task<IReadOnlyList<string>> ReadAsync(string group, string stream, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await logs.GetLogEventsAsync(new JsonObject
            {
                ["logGroupName"] = group, ["logStreamName"] = stream, ["startFromHead"] = false, ["limit"] = Lines,
            }, cancellationToken);
            return [.. answer.Objects("events").Select(each => each.Text("message")?.TrimEnd() ?? "").TakeLast(Lines)];
        }
        catch (AwsServiceException absent) when (absent.ErrorCode == "ResourceNotFoundException")
        {
            return absent.Message.Contains("log group", StringComparison.OrdinalIgnoreCase)
                ? [$"(log group '{group}' does not exist)"]
                : ["(it never logged)"];
        }
        catch (AwsServiceException unread)
        {
            return [$"(its log could not be read: {unread.Operation}: {unread.ErrorCode}: {unread.Message})"];
        }
    }

    private JsonObject? Container(string name) =>
        definition.Objects("containerDefinitions").FirstOrDefault(each => each.Text("name") == name);
}

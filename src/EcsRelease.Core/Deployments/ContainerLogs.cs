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
        var configuration = Container(container).Object("logConfiguration");
        if (configuration.Text("logDriver") is not { } driver)
            return ["(the container has no logConfiguration, so its log is lost)"];
        if (driver != "awslogs")
            return [$"(its log driver is {driver}: look there)"];
        var options = configuration.Object("options");
        var region = options.Text("awslogs-region");
        if (region is not null && RegionOf(definition) is { } own && region != own)
            return [$"(its log is in region {region}, group '{options.Text("awslogs-group")}')"];
        // Without a prefix (EC2 only) the stream is the container's runtime id.
        var stream = options.Text("awslogs-stream-prefix") is { } prefix ? $"{prefix}/{container}/{taskId}" : runtimeId;
        return stream is null || options.Text("awslogs-group") is not { } group ? [] : await ReadAsync(group, stream, cancellationToken);
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

    private static string? RegionOf(JsonObject definition) =>
        definition.Text("taskDefinitionArn")?.Split(':') is { Length: > 3 } parts ? parts[3] : null;
}

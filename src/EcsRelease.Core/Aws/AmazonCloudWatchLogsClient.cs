using System.Text.Json.Nodes;

namespace EcsRelease.Aws;

/// <summary>Amazon CloudWatch Logs, JSON in and out (docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference).</summary>
public sealed class AmazonCloudWatchLogsClient(IJsonService service)
{
    public Task<JsonObject> CreateLogGroupAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("CreateLogGroup", request, cancellationToken);

    public Task<JsonObject> DescribeLogGroupsAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("DescribeLogGroups", request, cancellationToken);

    public Task<JsonObject> FilterLogEventsAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("FilterLogEvents", request, cancellationToken);

    public Task<JsonObject> GetLogEventsAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("GetLogEvents", request, cancellationToken);
}

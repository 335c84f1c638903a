using System.Text.Json.Nodes;

namespace EcsRelease.Aws;

/// <summary>The alarms of Amazon CloudWatch (docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference); see
/// <see cref="QueryClient"/> for the answers' shape.</summary>
public sealed class AmazonCloudWatchClient(IJsonService service)
{
    public Task<JsonObject> DescribeAlarmsAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("DescribeAlarms", request, cancellationToken);
}

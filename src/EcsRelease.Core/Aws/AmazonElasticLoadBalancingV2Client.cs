using System.Text.Json.Nodes;

namespace EcsRelease.Aws;

/// <summary>Elastic Load Balancing v2 (docs.aws.amazon.com/elasticloadbalancing/latest/APIReference); see
/// <see cref="QueryClient"/> for the answers' shape.</summary>
public sealed class AmazonElasticLoadBalancingV2Client(IJsonService service)
{
    public Task<JsonObject> DescribeTargetGroupsAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("DescribeTargetGroups", request, cancellationToken);

    public Task<JsonObject> DescribeTargetHealthAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("DescribeTargetHealth", request, cancellationToken);
}

using System.Text.Json.Nodes;

namespace EcsRelease.Aws;

/// <summary>Amazon EventBridge, JSON in and out (docs.aws.amazon.com/eventbridge/latest/APIReference). Lists page by
/// `NextToken`.</summary>
public sealed class AmazonEventBridgeClient(IJsonService service)
{
    /// <summary>The same client with something between it and the service.</summary>
    internal AmazonEventBridgeClient Through(Func<IJsonService, IJsonService> layer) => new(layer(service));

    public Task<JsonObject> ListEventBusesAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("ListEventBuses", request, cancellationToken);

    public Task<JsonObject> ListRulesAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("ListRules", request, cancellationToken);

    public Task<JsonObject> ListTargetsByRuleAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("ListTargetsByRule", request, cancellationToken);
}

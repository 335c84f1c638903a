using System.Text.Json.Nodes;

namespace EcsRelease.Aws;

/// <summary>The Parameter Store of AWS Systems Manager (docs.aws.amazon.com/systems-manager/latest/APIReference).</summary>
public sealed class AmazonSsmClient(IJsonService service)
{
    /// <summary>GetParameters: names a call, at most.</summary>
    public const int NamesACall = 10;

    public Task<JsonObject> GetParametersAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("GetParameters", request, cancellationToken);
}

using System.Text.Json.Nodes;

namespace EcsRelease.Aws;

/// <summary>AWS IAM (docs.aws.amazon.com/IAM/latest/APIReference); see <see cref="QueryClient"/> for the answers' shape.
/// Policy documents arrive URL-encoded, as IAM sends them.</summary>
public sealed class AmazonIamClient(IJsonService service)
{
    public Task<JsonObject> GetRoleAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("GetRole", request, cancellationToken);

    public Task<JsonObject> SimulatePrincipalPolicyAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("SimulatePrincipalPolicy", request, cancellationToken);
}

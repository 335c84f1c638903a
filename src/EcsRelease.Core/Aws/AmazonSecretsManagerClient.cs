using System.Text.Json.Nodes;

namespace EcsRelease.Aws;

/// <summary>AWS Secrets Manager (docs.aws.amazon.com/secretsmanager/latest/apireference). Values are never asked for.</summary>
public sealed class AmazonSecretsManagerClient(IJsonService service)
{
    public Task<JsonObject> DescribeSecretAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("DescribeSecret", request, cancellationToken);
}

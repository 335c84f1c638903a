using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>A service as DescribeServices answers it, with the members that a release decides by.</summary>
public sealed record LiveService(JsonObject Description)
{
    public string Name => (string)Description["serviceName"]!;

    public string Status => (string?)Description["status"] ?? "ACTIVE";

    public string Controller => (string?)Description["deploymentController"]?["type"] ?? "ECS";

    public int DesiredCount => (int?)Description["desiredCount"] ?? 0;

    public int RunningCount => (int?)Description["runningCount"] ?? 0;

    public string TaskDefinition => (string?)Primary?["taskDefinition"] ?? (string?)Description["taskDefinition"] ?? "";

    public JsonObject? Primary => Deployments.FirstOrDefault(deployment => (string?)deployment["status"] == "PRIMARY");

    /// <summary>COMPLETED, IN_PROGRESS, FAILED; null behind a Classic Load Balancer.</summary>
    public string? RolloutState => (string?)Primary?["rolloutState"];

    public IEnumerable<JsonObject> Deployments => (Description["deployments"] as JsonArray ?? []).OfType<JsonObject>();

    public bool IsBreakerOn => (bool?)Description["deploymentConfiguration"]?["deploymentCircuitBreaker"]?["enable"] == true;

    public string Strategy => (string?)Description["deploymentConfiguration"]?["strategy"] ?? "ROLLING";

    /// <summary>The stack or tool that owns the service by its tags; null = nobody known.</summary>
    public string? Owner
    {
        get
        {
            foreach (var tag in (Description["tags"] as JsonArray ?? []).OfType<JsonObject>())
            {
                var (key, value) = ((string?)tag["key"] ?? "", (string?)tag["value"] ?? "");
                if (key == "aws:cloudformation:stack-name")
                    return $"CloudFormation stack '{value}'";
                if (key.Equals("terraform", StringComparison.OrdinalIgnoreCase) || (key.Equals("managed-by", StringComparison.OrdinalIgnoreCase) && value.Length > 0))
                    return key.Equals("terraform", StringComparison.OrdinalIgnoreCase) ? "Terraform" : value;
            }
            return null;
        }
    }

    /// <summary>Reads one service with its tags; null when it does not exist or is gone (INACTIVE).</summary>
    /// <exception cref="AwsServiceException">Also ClusterNotFoundException.</exception>
    public static async Task<LiveService?> ReadAsync(AmazonEcsClient ecs, string cluster, string service, CancellationToken cancellationToken)
    {
        var answer = await ecs.DescribeServicesAsync(new()
        {
            ["cluster"] = cluster,
            ["services"] = new JsonArray(service),
            ["include"] = new JsonArray("TAGS"),
        }, cancellationToken);
        return (answer["services"] as JsonArray)?.OfType<JsonObject>().FirstOrDefault() is { } found && (string?)found["status"] != "INACTIVE"
            ? new((JsonObject)found.DeepClone())
            : null;
    }
}

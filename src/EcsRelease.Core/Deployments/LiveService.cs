using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>A service as DescribeServices answers it, with the members that a release decides by.</summary>
public sealed record LiveService(JsonObject Description)
{
    public string Status => Description.Text("status") ?? "ACTIVE";

    public string Controller => Description.Object("deploymentController").Text("type") ?? "ECS";

    public int DesiredCount => Description.Integer("desiredCount") ?? 0;

    public int RunningCount => Description.Integer("runningCount") ?? 0;

    public int PendingCount => Description.Integer("pendingCount") ?? 0;

    /// <summary>Tasks of the PRIMARY deployment that failed; reset when it begins.</summary>
    public int FailedTasks => Primary.Integer("failedTasks") ?? 0;

    public string TaskDefinition => Primary.Text("taskDefinition") ?? PrimaryTaskSet.Text("taskDefinition") ?? Description.Text("taskDefinition") ?? "";

    public JsonObject? Primary => Description.Primary();

    /// <summary>COMPLETED, IN_PROGRESS, FAILED; null behind a Classic Load Balancer.</summary>
    public string? RolloutState => Primary.Text("rolloutState");

    public IEnumerable<JsonObject> Deployments => Description.Objects("deployments");

    /// <summary>What the controllers CODE_DEPLOY and EXTERNAL have in place of deployments.</summary>
    public IEnumerable<JsonObject> TaskSets => Description.Objects("taskSets");

    public bool IsBreakerOn => Breaker.Flag("enable") == true;

    /// <summary>After its circuit breaker trips ECS goes back to the deployment before, where there is one.</summary>
    public bool RollsBack => IsBreakerOn && Breaker.Flag("rollback") == true && Deployments.Any(each => each.Text("status") != "PRIMARY");

    public string Strategy => Description.Object("deploymentConfiguration").Text("strategy") ?? "ROLLING";

    /// <summary>The stack or tool that owns the service by its tags; null = nobody known.</summary>
    public ServiceOwner? OwnedBy => ServiceOwner.Of(Description);

    /// <summary><see cref="OwnedBy"/> in words.</summary>
    public string? Owner => OwnedBy?.Text;

    /// <summary>An Express Mode service: ECS keeps its load balancer, scaling and network, and UpdateService must not
    /// touch it (API page of Service, resourceManagementType).</summary>
    public bool IsExpress => Description.Text("resourceManagementType") == "ECS";

    /// <summary>Reads one service with its tags; null when it does not exist or is gone (INACTIVE).</summary>
    /// <exception cref="AwsServiceException">Also ClusterNotFoundException.</exception>
    public static async Task<LiveService?> ReadAsync(AmazonEcsClient ecs, string cluster, string service, CancellationToken cancellationToken) =>
        await ecs.DescribeServiceAsync(cluster, service, cancellationToken) is { } found && found.Text("status") != "INACTIVE" ? new(found) : null;

    private JsonObject? PrimaryTaskSet => TaskSets.FirstOrDefault(each => each.Text("status") == "PRIMARY");

    private JsonObject? Breaker => Description.Object("deploymentConfiguration").Object("deploymentCircuitBreaker");
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>Why a service deployment ended badly, from its own members. ECS's texts stay verbatim.</summary>
internal static class RolloutCause
{
    public static bool IsTriggered(JsonObject deployment) =>
        deployment.Object("deploymentCircuitBreaker").Text("status") == "TRIGGERED" || deployment.Object("alarms").Text("status") == "TRIGGERED";

    public static string Of(JsonObject deployment)
    {
        var said = deployment.Text("statusReason") ?? deployment.Object("rollback").Text("reason");
        if (Kind(deployment, said) is { } kind)
            return said is null ? $"{kind}." : $"{kind}: {said}";
        return said ?? "somebody stopped it (StopServiceDeployment).";
    }

    private static string? Kind(JsonObject deployment, string? said)
    {
        var breaker = deployment.Object("deploymentCircuitBreaker");
        if (breaker.Text("status") == "TRIGGERED")
            return $"circuit breaker tripped ({breaker.Integer("failureCount")} failures, threshold {breaker.Integer("threshold")})";
        if (deployment.Object("alarms") is { } alarms && alarms.Text("status") == "TRIGGERED")
            return $"alarm {string.Join(", ", alarms.Texts("triggeredAlarmNames").Select(name => $"'{name}'"))}";
        if (deployment.Objects("lifecycleHookDetails").FirstOrDefault(EndsDeployment) is { } hook)
            return $"lifecycle hook '{hook.Text("targetArn") ?? hook.Text("hookId")}' {hook.Text("status")}";
        return said switch
        {
            null => null,
            _ when said.Contains("lifecycle hook(s) failed", StringComparison.Ordinal) => "a lifecycle hook failed",
            _ when said.Contains("invalid networking configuration", StringComparison.Ordinal) => "the networking configuration is invalid",
            _ when said.Contains("No rollback candidate was found", StringComparison.Ordinal) => "this is the first release of the service, so there is nothing to go back to",
            _ => null,
        };
    }

    // One that timed out may have let the deployment go on.
    private static bool EndsDeployment(JsonObject hook) =>
        hook.Text("status") == "FAILED" || (hook.Text("status") == "TIMED_OUT" && hook.Text("timeoutAction") != "CONTINUE");
}

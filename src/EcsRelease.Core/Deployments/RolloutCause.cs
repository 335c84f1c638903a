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

    /// <summary>The hook that waits for an action: `STAGE (hook ID, expires …, then ROLLBACK)`.</summary>
    public static string? WaitingHook(JsonObject deployment) =>
        Waiting(deployment) is { } waiting
            ? $"{deployment.Text("lifecycleStage") ?? "a lifecycle hook"} (hook {waiting.Text("hookId") ?? "unknown"}"
                + (waiting.Time("expiresAt") is { } end ? $", expires {end:u}, then {waiting.Text("timeoutAction") ?? "ROLLBACK"}" : "") + ")"
            : null;

    /// <summary>The command that lets a paused deployment go on.</summary>
    public static string GoOnCommand(JsonObject deployment)
    {
        var arn = deployment.Text("serviceDeploymentArn") ?? "";
        var region = arn.Split(':') is [_, _, _, { Length: > 0 } named, ..] ? $" --region {named}" : "";
        return $"aws ecs continue-service-deployment --service-deployment-arn {arn} --hook-id {Waiting(deployment).Text("hookId")}{region}";
    }

    private static JsonObject? Waiting(JsonObject deployment) =>
        deployment.Objects("lifecycleHookDetails").FirstOrDefault(hook => hook.Text("status") == "AWAITING_ACTION");

    private static string? Kind(JsonObject deployment, string? said)
    {
        var breaker = deployment.Object("deploymentCircuitBreaker");
        if (breaker.Text("status") == "TRIGGERED")
            return $"circuit breaker tripped ({breaker.Integer("failureCount")} failures, threshold {breaker.Integer("threshold")})";
        if (deployment.Object("alarms") is { } alarms && alarms.Text("status") == "TRIGGERED")
            return $"alarm {string.Join(", ", alarms.Texts("triggeredAlarmNames").Select(name => $"'{name}'"))}";
        var hook = deployment.Objects("lifecycleHookDetails").FirstOrDefault(each => each.Text("status") is "FAILED" or "TIMED_OUT");
        if (hook is not null)
            return $"lifecycle hook '{hook.Text("targetArn") ?? hook.Text("hookId")}' {hook.Text("status")}";
        return said?.Contains("No rollback candidate was found", StringComparison.Ordinal) == true
            ? "this is the first release of the service, so there is nothing to go back to"
            : null;
    }
}

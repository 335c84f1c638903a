using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>The lifecycle hooks of a service deployment that wait for a person (DeploymentLifecycleHookDetail of ECS).</summary>
internal static class RolloutPause
{
    // ECS's own, where a hook does not say.
    private const string DefaultAction = "ROLLBACK";

    public static IReadOnlyList<PauseEvidence> Of(JsonObject? deployment) =>
    [
        .. deployment.Objects("lifecycleHookDetails").Where(hook => hook.Text("status") == "AWAITING_ACTION").Select(hook => new PauseEvidence(
            hook.Text("hookId") ?? "", deployment.Text("lifecycleStage"), hook.Time("expiresAt"), hook.Text("timeoutAction") ?? DefaultAction)),
    ];

    /// <summary>`STAGE (hook ID, expires …, then ROLLBACK)`.</summary>
    public static string Text(PauseEvidence pause) =>
        $"{pause.Stage ?? "a lifecycle hook"} (hook {pause.HookId}" + (pause.ExpiresAt is { } end ? $", expires {end:u}, then {pause.TimeoutAction}" : "") + ")";
}

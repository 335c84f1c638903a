using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>A rollout that goes on, in lines for a live view: stage, tasks as bars, traffic, breaker, newest events.</summary>
internal static class RolloutLines
{
    private const int BarWidth = 20;
    private const int MaxDeployments = 3;
    private const int MaxEvents = 2;

    // ServiceDeploymentLifecycleStage of ECS, in order. RECONCILE_SERVICE comes first, and only after an interrupted one.
    private static readonly string[] _stages =
    [
        "PRE_SCALE_UP", "SCALE_UP", "POST_SCALE_UP", "TEST_TRAFFIC_SHIFT", "POST_TEST_TRAFFIC_SHIFT",
        "PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME", "CLEAN_UP",
    ];

    public static IReadOnlyList<string> Of(StartedRollout rollout, RolloutSnapshot now) =>
    [
        .. Stage(now.Deployment),
        .. Tasks(rollout, now.Service),
        .. Traffic(now.Deployment.Object("targetServiceRevision")),
        .. Breaker(now.Deployment.Object("deploymentCircuitBreaker")),
        .. Hooks(now.Deployment),
        .. Events(rollout, now.Service),
    ];

    private static IEnumerable<string> Stage(JsonObject? deployment)
    {
        if (deployment.Text("lifecycleStage") is not { } stage)
            yield break;
        var at = Array.IndexOf(_stages, stage);
        var strategy = deployment.Object("deploymentConfiguration").Text("strategy") is { } name ? $"{name} " : "";
        yield return at < 0
            ? $"stage    {strategy}{stage}"
            : $"stage    {new string('●', at)}◐{new string('○', _stages.Length - at - 1)} {strategy}{stage} ({at + 1} of {_stages.Length})"
                + (at + 1 < _stages.Length ? $", next {_stages[at + 1]}" : "");
    }

    private static IEnumerable<string> Tasks(StartedRollout rollout, JsonObject? service)
    {
        if (service is null)
            return [];
        var ours = RolloutProgress.Ours(rollout, service);
        return service.Objects("deployments").OrderByDescending(each => each == ours).Take(MaxDeployments).Select(each =>
        {
            var (running, pending, desired) = (each.Integer("runningCount") ?? 0, each.Integer("pendingCount") ?? 0, each.Integer("desiredCount") ?? 0);
            return $"{(each == ours ? "tasks   " : "before  ")} {Bar(running, desired)} {(each.Text("taskDefinition") ?? "").Split('/')[^1]}: {running} of {desired} running"
                + (pending > 0 ? $", {pending} pending" : "") + (each.Integer("failedTasks") is > 0 and var failed ? $", {failed} failed" : "");
        });
    }

    private static IEnumerable<string> Traffic(JsonObject? target)
    {
        if (target.Number("requestedProductionTrafficWeight") is not { } production)
            yield break;
        yield return $"traffic  {Bar(production, 100)} {RolloutProgress.Percent(production)}"
            + (target.Number("requestedTestTrafficWeight") is { } test ? $", test {RolloutProgress.Percent(test)}" : "");
    }

    private static IEnumerable<string> Breaker(JsonObject? breaker)
    {
        if (breaker.Text("status") is { } status and not "DISABLED" && breaker.Integer("threshold") is > 0 and var threshold)
            yield return $"breaker  {breaker.Integer("failureCount") ?? 0} of {threshold} failures, {status}";
    }

    private static IEnumerable<string> Hooks(JsonObject? deployment) =>
        from hook in deployment.Objects("lifecycleHookDetails")
        where hook.Text("status") is "AWAITING_ACTION" or "IN_PROGRESS"
        select $"hook     {hook.Text("targetArn") ?? hook.Text("hookId")} {hook.Text("status")}{(hook.Time("expiresAt") is { } end ? $", until {end:u}" : "")}";

    private static IEnumerable<string> Events(StartedRollout rollout, JsonObject? service) =>
        ServiceEvents.Since(service, rollout.UpdatedAt).TakeLast(MaxEvents).Select(each => $"event    {each.Text("message")}");

    private static string Bar(decimal done, decimal total)
    {
        var full = total <= 0 ? 0 : (int)Math.Clamp(done * BarWidth / total, 0, BarWidth);
        return new string('█', full) + new string('░', BarWidth - full);
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>A rollout that goes on, in one line and in figures.</summary>
internal static class RolloutProgress
{
    public static string Text(StartedRollout rollout, RolloutSnapshot now)
    {
        var status = now.Deployment.Text("lifecycleStage") ?? now.Deployment.Text("status") ?? "IN_PROGRESS";
        var (running, desired) = Counts(rollout, now.Service!);
        var text = $"{running} of {desired} tasks running{Traffic(now.Deployment)}{Bake(now.Deployment)}";
        if (now.Deployment.Object("deploymentCircuitBreaker") is { } breaker && breaker.Integer("failureCount") is > 0 and var failures)
            text += breaker.Integer("threshold") is > 0 and var threshold ? $", circuit breaker {failures}/{threshold}" : $", {failures} failed";
        else if (FailedTasks(rollout, now.Service!) is > 0 and var failed)
            text += $", {failed} failed";
        return status is "IN_PROGRESS" or "PENDING" ? text : $"{status}: {text}";
    }

    public static (int Running, int Desired) Counts(StartedRollout rollout, JsonObject service)
    {
        var deployment = Ours(rollout, service);
        return (deployment.Integer("runningCount") ?? 0, deployment.Integer("desiredCount") ?? service.Integer("desiredCount") ?? 0);
    }

    public static int FailedTasks(StartedRollout rollout, JsonObject service) => Ours(rollout, service).Integer("failedTasks") ?? 0;

    /// <summary>All tasks run: what is left is that the old ones go.</summary>
    public static bool IsNearEnd(StartedRollout rollout, RolloutSnapshot now) =>
        now.Service is { } service && Counts(rollout, service) is var (running, desired) && running >= desired && RolloutPause.Of(now.Deployment).Count == 0;

    // Ours by id; after a joined one took over, by revision.
    public static JsonObject? Ours(StartedRollout rollout, JsonObject service) =>
        service.Objects("deployments").FirstOrDefault(each => each.Text("id") == rollout.PrimaryId)
        ?? service.Objects("deployments").FirstOrDefault(each => each.Text("taskDefinition") == rollout.TaskDefinition);

    public static string Percent(decimal weight) => weight.ToString("0.##", CultureInfo.InvariantCulture) + " %";

    // Weights are those of the new revision (ServiceRevisionSummary); a rolling deployment has none.
    private static string Traffic(JsonObject? deployment)
    {
        var target = deployment.Object("targetServiceRevision");
        return (target.Number("requestedProductionTrafficWeight") is { } production ? $", {Percent(production)} of the traffic" : "")
            + (target.Number("requestedTestTrafficWeight") is { } test and not 0 ? $", {Percent(test)} of the test traffic" : "");
    }

    private static string Bake(JsonObject? deployment)
    {
        var configuration = deployment.Object("deploymentConfiguration");
        return (deployment.Text("lifecycleStage"), configuration.Text("strategy")) switch
        {
            ("BAKE_TIME", _) when configuration.Integer("bakeTimeInMinutes") is { } minutes => $", bakes {minutes} min",
            ("PRODUCTION_TRAFFIC_SHIFT", "CANARY") when configuration.Object("canaryConfiguration") is { } canary =>
                $", canary of {Percent(canary.Number("canaryPercent") ?? 5)} bakes {canary.Integer("canaryBakeTimeInMinutes") ?? 10} min",
            ("PRODUCTION_TRAFFIC_SHIFT", "LINEAR") when configuration.Object("linearConfiguration") is { } linear =>
                $", steps of {Percent(linear.Number("stepPercent") ?? 10)} bake {linear.Integer("stepBakeTimeInMinutes") ?? 6} min",
            _ => "",
        };
    }
}

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
        var text = $"{running} of {desired} tasks running";
        if (now.Deployment.Object("targetServiceRevision").Integer("requestedProductionTrafficWeight") is { } weight)
            text += $", {weight} % of the traffic";
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

    // Ours by id; after a joined one took over, by revision.
    private static JsonObject? Ours(StartedRollout rollout, JsonObject service) =>
        service.Objects("deployments").FirstOrDefault(each => each.Text("id") == rollout.PrimaryId)
        ?? service.Objects("deployments").FirstOrDefault(each => each.Text("taskDefinition") == rollout.TaskDefinition);
}

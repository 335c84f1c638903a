using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>The rule where service deployments cannot be read: by the service's own deployments and their
/// rolloutState (ecs-api.md 3, "Fallback"). Pure.</summary>
internal static class WeakerRolloutRule
{
    // The breaker makes FAILED of a deployment before it makes another one PRIMARY.
    private static readonly TimeSpan _rollbackGrace = TimeSpan.FromSeconds(30);

    // Without a rolloutState (Classic Load Balancer) the state must hold this long.
    private static readonly TimeSpan _steady = TimeSpan.FromSeconds(30);

    public static Verdict Judge(StartedRollout rollout, RolloutSnapshot now) =>
        Decide(rollout, now, now.Service!);

    private static Verdict Decide(StartedRollout rollout, RolloutSnapshot now, JsonObject service)
    {
        if (service.Primary() is not { } primary)
            return Verdict.Wait("waiting for a PRIMARY deployment");
        var isJoined = primary.Text("id") != rollout.PrimaryId && primary.Text("taskDefinition") == rollout.TaskDefinition;
        if (primary.Text("id") != rollout.PrimaryId && !isJoined)
            return Replaced(rollout, service, primary);
        return primary.Text("rolloutState") switch
        {
            "COMPLETED" => new Verdict("succeeded") { Outcome = ReleaseOutcome.Succeeded, Remark = isJoined ? $"joined {primary.Text("id")}" : null },
            "FAILED" when RollsBack(service) && now.StateAge < _rollbackGrace => Verdict.Wait("failed; waiting for the rollback to begin"),
            "FAILED" => Verdict.End(ReleaseOutcome.Failed, primary.Text("rolloutStateReason") ?? "rolloutState FAILED"),
            null when IsSteady(service, primary) && now.StateAge >= _steady => new Verdict("succeeded") { Outcome = ReleaseOutcome.Succeeded },
            _ => Verdict.Wait(RolloutProgress.Text(rollout, now)),
        };
    }

    private static Verdict Replaced(StartedRollout rollout, JsonObject service, JsonObject primary)
    {
        var reason = primary.Text("rolloutStateReason") ?? "";
        var events = service.Objects("events").Where(each => each.Time("createdAt") >= rollout.UpdatedAt)
            .Select(each => each.Text("message") ?? "").ToList();
        // Once the rollback is complete its reason is gone from the deployment, but not from the events.
        if (!reason.Contains("rolling back to", StringComparison.Ordinal) && !events.Any(each => each.Contains("rolling back to deployment", StringComparison.Ordinal)))
            return new Verdict("superseded") { Outcome = ReleaseOutcome.Superseded, SupersededBy = primary.Text("taskDefinition") };
        var failed = events.FirstOrDefault(each => each.Contains("deployment failed", StringComparison.Ordinal));
        return primary.Text("rolloutState") switch
        {
            "COMPLETED" => Verdict.End(ReleaseOutcome.RolledBack, failed ?? reason),
            "FAILED" => Verdict.End(ReleaseOutcome.RollbackFailed, reason),
            _ => Verdict.Wait($"rolling back: {failed ?? reason}"),
        };
    }

    private static bool RollsBack(JsonObject service) =>
        service.Object("deploymentConfiguration").Object("deploymentCircuitBreaker") is { } breaker
        && breaker.Flag("enable") == true && breaker.Flag("rollback") == true;

    private static bool IsSteady(JsonObject service, JsonObject primary) =>
        primary.Integer("runningCount") == primary.Integer("desiredCount") && primary.Integer("pendingCount") is null or 0
        && service.Objects("deployments").Count() == 1
        && service.Objects("events").Any(each => each.Time("createdAt") > primary.Time("createdAt")
            && (each.Text("message") ?? "").Contains("has reached a steady state", StringComparison.Ordinal));
}

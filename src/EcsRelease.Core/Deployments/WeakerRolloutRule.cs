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

    public static Verdict Judge(StartedRollout rollout, RolloutSnapshot now)
    {
        var service = now.Service!;
        if (service.Primary() is not { } primary)
            return Verdict.Wait("waiting for a PRIMARY deployment");
        var isOurs = primary.Text("id") == rollout.PrimaryId;
        // First: what ECS goes back to may run the same revision, after a forced deployment of it.
        if (!isOurs && IsRollback(rollout, service, primary))
            return RolledBack(rollout, now, service, primary);
        if (!isOurs && primary.Text("taskDefinition") != rollout.TaskDefinition)
            return new Verdict("superseded") { Outcome = ReleaseOutcome.Superseded, SupersededBy = primary.Text("taskDefinition") };
        return primary.Text("rolloutState") switch
        {
            "COMPLETED" => new Verdict("succeeded") { Outcome = ReleaseOutcome.Succeeded, Remark = isOurs ? null : $"joined {primary.Text("id")}" },
            "FAILED" when RollsBack(service) && now.StateAge < _rollbackGrace => Verdict.Wait("failed; waiting for the rollback to begin"),
            "FAILED" => Verdict.End(ReleaseOutcome.Failed, primary.Text("rolloutStateReason") ?? "rolloutState FAILED"),
            null when IsSteady(service, primary) && now.StateAge >= _steady => new Verdict("succeeded") { Outcome = ReleaseOutcome.Succeeded },
            _ => Verdict.Wait(RolloutProgress.Text(rollout, now)),
        };
    }

    // Once the rollback is complete its reason is gone from the deployment, but not from the events. A deployment that
    // was made after such an event is somebody's.
    private static bool IsRollback(StartedRollout rollout, JsonObject service, JsonObject primary) =>
        primary.IsRollback() || primary.Text("id") == rollout.Baseline.PrimaryId
        || Events(rollout, service).Any(each => (each.Text("message") ?? "").Contains("rolling back to deployment", StringComparison.Ordinal)
            && !(primary.Time("createdAt") > each.Time("createdAt") + RolloutRule.ClockTolerance));

    private static Verdict RolledBack(StartedRollout rollout, RolloutSnapshot now, JsonObject service, JsonObject primary)
    {
        var cause = Events(rollout, service).Select(each => each.Text("message") ?? "").FirstOrDefault(text => text.Contains("deployment failed", StringComparison.Ordinal))
            ?? (primary.IsRollback() ? primary.Text("rolloutStateReason")! : null);
        // A read may be older than our update, and then shows the PRIMARY of before it.
        if (cause is null && now.StateAge < _rollbackGrace)
            return Verdict.Wait("waiting for ECS to show the deployment");
        cause ??= "ECS went back to the deployment of before.";
        return primary.Text("rolloutState") switch
        {
            "COMPLETED" => Verdict.End(ReleaseOutcome.RolledBack, cause),
            "FAILED" => Verdict.End(ReleaseOutcome.RollbackFailed, cause),
            null when IsSteady(service, primary) && now.StateAge >= _steady => Verdict.End(ReleaseOutcome.RolledBack, cause),
            _ => Verdict.Wait($"rolling back: {cause}"),
        };
    }

    private static IEnumerable<JsonObject> Events(StartedRollout rollout, JsonObject service) =>
        service.Objects("events").Where(each => each.Time("createdAt") >= rollout.UpdatedAt);

    private static bool RollsBack(JsonObject service) =>
        service.Object("deploymentConfiguration").Object("deploymentCircuitBreaker") is { } breaker
        && breaker.Flag("enable") == true && breaker.Flag("rollback") == true;

    private static bool IsSteady(JsonObject service, JsonObject primary) =>
        primary.Integer("runningCount") == primary.Integer("desiredCount") && primary.Integer("pendingCount") is null or 0
        && service.Objects("deployments").Count() == 1
        && service.Objects("events").Any(each => each.Time("createdAt") > primary.Time("createdAt")
            && (each.Text("message") ?? "").Contains("has reached a steady state", StringComparison.Ordinal));
}

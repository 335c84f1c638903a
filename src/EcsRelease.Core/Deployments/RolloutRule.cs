using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>Decides how a rollout stands by our own service deployment, never by the service looking stable: that is
/// true after a rollback, too (ecs-api.md 3; the numbers of its table stand at the rows). Pure.</summary>
internal static class RolloutRule
{
    /// <summary>Times of different ECS records of the same moment differ by this much.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(5);

    // ECS may take this long to list a service deployment.
    private static readonly TimeSpan _listingLimit = TimeSpan.FromSeconds(60);

    // A state that another record would explain counts after this time without that record.
    private static readonly TimeSpan _settle = TimeSpan.FromSeconds(10);

    private const int FailingAfter = 3;

    // Capacity often comes by itself: an instance joins, another task ends.
    private static readonly TimeSpan _placementGrace = TimeSpan.FromMinutes(2);

    public static Verdict Judge(StartedRollout rollout, RolloutSnapshot now)
    {
        if (now.Service is null)
            return now.StateAge < _settle ? Verdict.Wait("waiting for ECS to know the service") : Verdict.End(ReleaseOutcome.ServiceDeleted, "MISSING");
        if (now.Service.IsGone())
            return Verdict.End(ReleaseOutcome.ServiceDeleted, now.Service.Text("status")!);
        if (rollout.IsAttached && rollout.ServiceDeployment is null && IsCompletedPrimary(now.Service, rollout))
            return now.IsSeenInProgress ? new Verdict("succeeded") { Outcome = ReleaseOutcome.Succeeded } : AlreadyLive(now.Service);
        if (now.Denied is { } denied)
            return WeakerRolloutRule.Judge(rollout, now) with { WeakerBecause = $"{denied} is denied. Allow it" };
        return now.Deployment is null ? NotListed(rollout, now) : ByStatus(rollout, now, now.Deployment);
    }

    private static Verdict ByStatus(StartedRollout rollout, RolloutSnapshot now, JsonObject ours) => ours.Text("status") switch
    {
        "SUCCESSFUL" when IsOfBefore(rollout, now.Service!) => WeakerRolloutRule.Judge(rollout, now),
        "SUCCESSFUL" => Successful(rollout, now, ours),
        "STOPPED" => Stopped(rollout, now, ours),
        "ROLLBACK_REQUESTED" or "ROLLBACK_IN_PROGRESS" => Verdict.Wait($"rolling back: {RolloutCause.Of(ours)}"),
        "ROLLBACK_SUCCESSFUL" => Verdict.End(ReleaseOutcome.RolledBack, RolloutCause.Of(ours)),
        "ROLLBACK_FAILED" => Verdict.End(ReleaseOutcome.RollbackFailed, RolloutCause.Of(ours)),
        "IN_PROGRESS" when Pause(rollout, now, ours) is { } pause => new Verdict($"paused at {RolloutPause.Text(pause)}") { Pause = pause },
        "IN_PROGRESS" when IsFailing(rollout, now, ours) => new Verdict(RolloutProgress.Text(rollout, now)) { IsFailing = true },
        _ => Verdict.Wait(RolloutProgress.Text(rollout, now)),
    };

    private static bool IsPrimary(JsonObject service, StartedRollout rollout) => service.Primary().Text("id") == rollout.PrimaryId;

    private static bool IsCompletedPrimary(JsonObject service, StartedRollout rollout) =>
        IsPrimary(service, rollout) && service.Primary() is { } primary
        && primary.Text("taskDefinition") == rollout.TaskDefinition && primary.Text("rolloutState") == "COMPLETED";

    // Where nothing was begun by us, a success may be that of an earlier time which PRIMARY has gone back to.
    private static bool IsOfBefore(StartedRollout rollout, JsonObject service) =>
        rollout.IsAttached && IsPrimary(service, rollout) && !IsCompletedPrimary(service, rollout)
        && (rollout.ServiceDeployment is null || service.Primary()!.IsRollback());

    private static Verdict AlreadyLive(JsonObject service)
    {
        var (running, desired) = (service.Integer("runningCount") ?? 0, service.Integer("desiredCount") ?? 0);
        return running >= desired
            ? new Verdict("already live") { Outcome = ReleaseOutcome.Unchanged, Remark = "already live" }
            : Verdict.Wait($"already live, {running} of {desired} tasks running");
    }

    // Row 2
    private static Verdict NotListed(StartedRollout rollout, RolloutSnapshot now)
    {
        // A rollback has no service deployment of its own, and the one of a service without rolloutState ended long ago.
        if (rollout.IsAttached && IsPrimary(now.Service!, rollout) && now.Service.Primary() is { } primary && (primary.IsRollback() || primary.Text("rolloutState") is null))
            return WeakerRolloutRule.Judge(rollout, now);
        if (now.Elapsed <= _listingLimit)
            return Verdict.Wait("waiting for ECS to list the deployment");
        // One from between baseline and update is what ours took the place of.
        var other = now.Others.LastOrDefault(each => each.TaskDefinition is not null && each.TaskDefinition != rollout.TaskDefinition
            && each.CreatedAt >= rollout.UpdatedAt - ClockTolerance);
        return other is null || rollout.IsAttached || IsPrimary(now.Service!, rollout)
            ? WeakerRolloutRule.Judge(rollout, now) with { WeakerBecause = $"ECS did not list it within {_listingLimit.TotalSeconds:0} s" }
            : new Verdict("superseded") { Outcome = ReleaseOutcome.Superseded, SupersededBy = other.TaskDefinition };
    }

    // Row 3. A read may be older than the answer that was just given to the hook.
    private static PauseEvidence? Pause(StartedRollout rollout, RolloutSnapshot now, JsonObject ours) =>
        RolloutPause.Of(ours).FirstOrDefault(pause => pause.HookId != rollout.AnsweredHook || now.Elapsed > _settle);

    // Rows 6 and 7
    private static Verdict Successful(StartedRollout rollout, RolloutSnapshot now, JsonObject ours)
    {
        var target = ours.Object("targetServiceRevision");
        var (running, requested) = (target.Integer("runningTaskCount"), target.Integer("requestedTaskCount"));
        var live = now.Service.Primary().Text("taskDefinition") ?? now.Service.Text("taskDefinition");
        return new Verdict("succeeded")
        {
            Outcome = ReleaseOutcome.Succeeded,
            SupersededBy = live is null || live == rollout.TaskDefinition ? null : live,
            Remark = running < requested ? $"early, {running} of {requested} tasks" : null,
        };
    }

    // Rows 8 to 10
    private static Verdict Stopped(StartedRollout rollout, RolloutSnapshot now, JsonObject ours)
    {
        // A newer one takes our place when it is asked for; a stop that has stages to clean up is complete only later.
        var begin = ours.Time("createdAt") ?? rollout.UpdatedAt;
        var after = now.Others.Where(each => each.CreatedAt > begin).ToList();
        // It may have been put back since, by whoever had gone over it.
        if (after.FindLast(each => each.TaskDefinition == rollout.TaskDefinition) is { } again)
            return new Verdict("a newer deployment of the same revision goes on") { Follow = again.Arn };
        var newer = after.FirstOrDefault();
        if (newer is { TaskDefinition: null } && now.StateAge < _listingLimit)
            return Verdict.Wait("stopped; waiting for ECS to tell what took its place");
        if (newer is not null)
            return new Verdict("superseded") { Outcome = ReleaseOutcome.Superseded, SupersededBy = newer.TaskDefinition ?? newer.Arn };
        if (RolloutCause.IsTriggered(ours))
            return Verdict.End(ReleaseOutcome.Failed, $"{RolloutCause.Of(ours)} Rollback is off, so the bad revision stays PRIMARY.");
        if (now.StateAge < _settle)
            return Verdict.Wait("stopped; waiting for ECS to tell why");
        var live = now.Service.Primary().Text("taskDefinition");
        return live is not null && live != rollout.TaskDefinition
            ? new Verdict("superseded") { Outcome = ReleaseOutcome.Superseded, SupersededBy = live }
            : Verdict.End(ReleaseOutcome.Stopped, RolloutCause.Of(ours));
    }

    // Row 5
    private static bool IsFailing(StartedRollout rollout, RolloutSnapshot now, JsonObject ours)
    {
        var breaker = ours.Object("deploymentCircuitBreaker");
        if (breaker.Text("status") is not (null or "DISABLED"))
            return false;
        var failed = Math.Max(breaker.Integer("failureCount") ?? 0, RolloutProgress.FailedTasks(rollout, now.Service!));
        var lastStart = rollout.UpdatedAt + now.Elapsed - _placementGrace;
        return failed >= FailingAfter || now.Service.Objects("events").Any(each =>
            each.Time("createdAt") >= rollout.UpdatedAt && each.Time("createdAt") < lastStart
            && (each.Text("message") ?? "").Contains("was unable to place a task", StringComparison.Ordinal));
    }
}

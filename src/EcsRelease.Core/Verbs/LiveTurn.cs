using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>Waits until it is this release's turn, and takes into its plan what became live since it was made
/// (DESIGN 14, Conflict).</summary>
internal sealed class LiveTurn(ReleaseOptions options, ReleaseLog log, TimeProvider time)
{
    private const int MaxTurns = 10;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private int turns;
    private DateTimeOffset? waitingSince;
    private bool isFailureSaid;

    /// <param name="ours">ARN of our revision, once it is registered: its own deployment is not waited for.</param>
    /// <returns>The plan as of now.</returns>
    /// <exception cref="EcsReleaseException">ECSR5101, 2008, 5004, 5109, 5110.</exception>
    public async Task<ReleasePlan> AwaitAsync(ReleasePlan plan, string? ours, CancellationToken cancellationToken)
    {
        var now = await LookAsync(plan, cancellationToken);
        RefuseMoved(plan, now);
        if (options.OnConflict != ConflictPolicy.Supersede && options.StopAfter != StopAfterStep.Register && IsAnothers(now, ours))
            now = await log.StepAsync(ReleaseStep.Turn, $"Waiting for the deployment of {Name(now)} to end", () => WaitAsync(now, ours, cancellationToken));
        RefuseMoved(plan, now);
        if (++turns > MaxTurns)
            throw Errors.LiveStateMoved(plan.Service, Moved(plan, now));
        if (now.LiveService?.TaskDefinition == plan.LiveService?.TaskDefinition)
            return now;
        await CommitGuard.CompareAsync(options, now.Commit, now.LiveRevision, now.LiveCommit, log.Warn, cancellationToken);
        log.Detail($"{Name(now)} became live in the meantime");
        log.Live(now);
        return now;
    }

    /// <summary>Another release is a new base for this one; what somebody did by hand is not gone over unseen, and a plan
    /// that was agreed to is not changed.</summary>
    private static void RefuseMoved(ReleasePlan plan, ReleasePlan now)
    {
        if (now.LiveService?.TaskDefinition == plan.LiveService?.TaskDefinition)
            return;
        if (plan.IsBinding)
            throw Errors.LiveStateMoved(plan.Service, Moved(plan, now), plan.PlanAnew);
        if (now.LiveRevision is { } revision && !RevisionOrigin.IsReleased(revision, plan.LiveRevision))
            throw Errors.LiveStateMoved(plan.Service, $"{Moved(plan, now)}, which no release made", "Look at what was changed by hand, then run the same command again: it plans from there.");
    }

    private async Task<ReleasePlan> WaitAsync(ReleasePlan now, string? ours, CancellationToken cancellationToken)
    {
        waitingSince ??= time.GetUtcNow();
        while (IsAnothers(now, ours))
        {
            var live = now.LiveService!;
            var waited = time.GetUtcNow() - waitingSince.Value;
            if (options.OnConflict == ConflictPolicy.Fail || waited >= options.Timeout)
                throw Errors.ConflictInProgress(now.Service, live.TaskDefinition, waited, live.FailedTasks);
            if (live is { FailedTasks: > 0, IsBreakerOn: false } && !isFailureSaid)
            {
                isFailureSaid = true;
                log.Warn(Errors.ConflictFailing(now.Service, live.TaskDefinition, live.FailedTasks));
            }
            log.Progress(new($"{Name(now)}: {live.RunningCount} of {live.DesiredCount} tasks running", live.RunningCount, live.DesiredCount, "tasks"));
            await Task.Delay(Pause, time, cancellationToken);
            now = await LookAsync(now, cancellationToken);
        }
        return now;
    }

    private async Task<ReleasePlan> LookAsync(ReleasePlan plan, CancellationToken cancellationToken)
    {
        if (await ReadAsync(plan, cancellationToken) is not { } live)
            return plan;
        if (live.TaskDefinition == plan.LiveService?.TaskDefinition)
            return plan with { LiveService = live };
        var revision = await plan.Access.Ecs.DescribeTaskDefinitionAsync(
            new() { ["taskDefinition"] = live.TaskDefinition, ["include"] = new JsonArray("TAGS") }, cancellationToken);
        return plan with
        {
            LiveService = live,
            LiveRevision = revision,
            LiveCommit = RevisionTags.CommitOf(revision),
            Owner = live.Owner,
            Update = null,
            Definition = plan.Definition with { LiveRevision = revision, BaseRevision = null },
        };
    }

    /// <summary>Null when the service is going to be created, or is not this release's business.</summary>
    private async Task<LiveService?> ReadAsync(ReleasePlan plan, CancellationToken cancellationToken)
    {
        // A revision can be handed on to a stack whose service comes later.
        if (options.StopAfter == StopAfterStep.Register && plan.LiveService is null)
            return null;
        var live = await LiveService.ReadAsync(plan.Access.Ecs, plan.Cluster, plan.Service, cancellationToken);
        return live switch
        {
            null when plan.LiveService is null => null,
            { Status: "ACTIVE" } => live,
            { Status: var status } when plan.LiveService is null => throw Errors.ServiceNotActive(plan.Service, status),
            _ => throw Errors.ServiceDeletedOutcome(plan.Service, live?.Status ?? "MISSING"),
        };
    }

    // Before our revision is known its commit tells: another deployment of this commit is ours to join.
    private static bool IsAnothers(ReleasePlan now, string? ours) =>
        now.LiveService is { RolloutState: "IN_PROGRESS" } live
        && (ours is null ? now.LiveCommit != now.Commit.Sha : live.TaskDefinition != ours);

    private static string Moved(ReleasePlan plan, ReleasePlan now) => $"then '{Live(plan)}', now '{Live(now)}'";

    private static string Live(ReleasePlan plan) => plan.LiveService?.TaskDefinition ?? "no service";

    private static string Name(ReleasePlan now) => now.LiveService!.TaskDefinition.Split('/')[^1];
}

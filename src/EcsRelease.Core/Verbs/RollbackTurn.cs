using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;

namespace EcsRelease.Verbs;

/// <summary>Waits until a rollback may update the service: another deployment in progress is waited for, refused, replaced
/// or stopped first. What became live meanwhile and was not there at the look is never gone over.</summary>
/// <param name="stopFirst">A deployment in progress is stopped by a rollback, then waited for.</param>
internal sealed class RollbackTurn(ReleaseOptions options, string service, bool stopFirst, AwsAccess access, WarningList log, TimeProvider time)
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    private readonly RolloutControl control = new(access.Ecs, options.Cluster, service, time);
    private DateTimeOffset? waitingSince;
    private PauseEvidence? told;

    /// <summary>A deployment was stopped: something changed, whatever comes now.</summary>
    public bool HasStopped { get; private set; }

    /// <param name="seen">The service as it was when the release was chosen.</param>
    /// <param name="to">ARN of the revision to go back to.</param>
    /// <returns>The service, with no deployment of another revision in progress but for one that is to be replaced.</returns>
    /// <exception cref="EcsReleaseException">ECSR5004, 5101, 5110.</exception>
    /// <exception cref="AwsServiceException"/>
    public async Task<LiveService> AwaitAsync(LiveService seen, string to, CancellationToken cancellationToken)
    {
        for (; ; await Task.Delay(_pause, time, cancellationToken))
        {
            var live = await ReadAsync(cancellationToken);
            RefuseMoved(seen, live, to);
            var running = await control.FindAsync(cancellationToken);
            var isRollingBack = running is not null && RolloutControl.IsRollingBack(running);
            if (isRollingBack ? false : live.TaskDefinition == to || (running is null && live.RolloutState != "IN_PROGRESS"))
                return live;
            // A rollback that leads to the same release is not interrupted.
            if (options.OnConflict == ConflictPolicy.Supersede && !stopFirst && !(isRollingBack && live.TaskDefinition == to))
                return live;
            Refuse(live);
            if (stopFirst && !HasStopped && running is not null)
                await StopAsync(running, live, cancellationToken);
            else if (running is not null && RolloutPause.Of(running) is [var pause, ..] && pause != told)
                log.Warn(Errors.PausedWarning(service, RolloutPause.Text(told = pause), FollowCommand.Of("continue", options, service), FollowCommand.Of("stop", options, service)));
            log.Progress(new($"{Name(live)}: {live.RunningCount} of {live.DesiredCount} tasks running", live.RunningCount, live.DesiredCount, "tasks"));
        }
    }

    private async Task<LiveService> ReadAsync(CancellationToken cancellationToken)
    {
        var live = await LiveService.ReadAsync(access.Ecs, options.Cluster, service, cancellationToken);
        return live is { Status: "ACTIVE" } ? live : throw Errors.ServiceDeletedOutcome(service, live?.Status ?? "MISSING");
    }

    // Of several that are in progress at the look any may be live at the end.
    private void RefuseMoved(LiveService seen, LiveService live, string to)
    {
        if (live.TaskDefinition != to && seen.Deployments.All(each => each.Text("taskDefinition") != live.TaskDefinition))
            throw Errors.LiveStateMoved(service, $"then '{seen.TaskDefinition}', now '{live.TaskDefinition}'", "Look at what became live, then run the same command again.");
    }

    private void Refuse(LiveService live)
    {
        if (waitingSince is null && !stopFirst)
            log.Step(ReleaseStep.Turn, $"Waiting for the deployment of {Name(live)} to end");
        waitingSince ??= time.GetUtcNow();
        var waited = time.GetUtcNow() - waitingSince.Value;
        if ((options.OnConflict == ConflictPolicy.Fail && !stopFirst) || waited >= options.Timeout)
            throw Errors.ConflictInProgress(service, live.TaskDefinition, waited, live.FailedTasks);
    }

    private async Task StopAsync(JsonObject running, LiveService live, CancellationToken cancellationToken)
    {
        log.Step(ReleaseStep.Update, $"Stopping the deployment of {Name(live)} first");
        await control.RollBackAsync(running, cancellationToken);
        HasStopped = true;
    }

    private static string Name(LiveService live) => live.TaskDefinition.Split('/')[^1];
}

using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;

namespace EcsRelease.Verbs;

/// <summary>Stops the deployment that is in progress by a rollback, also a paused one, and follows it until the service is
/// what it was before: for this verb a success.</summary>
public sealed class Stop(ReleaseOptions options, string service, IReleaseTarget target, IReporter reporter, TimeProvider time)
{
    private readonly WarningList log = new(reporter);

    /// <summary>Asked before the deployment is stopped, with what is about to happen in one line; it throws what ends the
    /// verb. Null = nobody is asked.</summary>
    public Func<string, CancellationToken, Task>? Confirm { get; init; }

    /// <returns>How the rollback ended: `succeeded`, then the record is of what is live again and `previous` of what was
    /// undone; `started` when it is not waited for.</returns>
    /// <exception cref="EcsReleaseException">No deployment is in progress, or AWS refuses (ECSR4xxx, 5113, 5131, 5133).</exception>
    public Task<ReleaseRecord> RunAsync(CancellationToken cancellationToken) => Explained.RunAsync($"{options.Cluster}/{service}", async () =>
    {
        log.Step(ReleaseStep.Preflight, $"Looking for the deployment of {service}");
        using var access = await target.ConnectAsync(cancellationToken);
        return await UndoAsync(access, null, cancellationToken);
    });

    /// <param name="agreed">ARN of the one deployment that may be stopped; null = whichever is in progress.</param>
    /// <exception cref="EcsReleaseException">ECSR4006, 4010, 5110, 5113, 5131, 5133.</exception>
    /// <exception cref="AwsServiceException"/>
    internal async Task<ReleaseRecord> UndoAsync(AwsAccess access, string? agreed, CancellationToken cancellationToken)
    {
        var followed = new FollowedService(options, service, target, access, log, time);
        var rollout = await followed.FindAsync(cancellationToken);
        var control = new RolloutControl(access.Ecs, options.Cluster, service, time);
        var running = await control.FindAsync(cancellationToken) ?? throw Errors.NothingToStop(
            service, await control.StateAsync(rollout.ServiceDeployment, cancellationToken), FollowCommand.Of("rollback", options, service));
        // What somebody else began after the look was never looked at.
        if (agreed is not null && agreed != running.Text("serviceDeploymentArn"))
            throw Errors.LiveStateMoved(service, $"then deployment '{agreed}' was in progress, now '{running.Text("serviceDeploymentArn")}'", "Look at what is being deployed now, then run the same command again.");
        rollout = rollout with { ServiceDeployment = running.Text("serviceDeploymentArn"), AnsweredHook = RolloutPause.Of(running) is [var pause, ..] ? pause.HookId : null };

        if (RolloutControl.IsRollingBack(running))
            log.Detail($"{Name(rollout.TaskDefinition)} is being rolled back already");
        else if (Confirm is not null)
            await Confirm($"Undo the deployment of {Name(rollout.TaskDefinition)} in '{service}' of cluster '{options.Cluster}' ({access.Account}/{access.Region})", cancellationToken);
        log.Step(ReleaseStep.Update, $"Rolling back {Name(rollout.TaskDefinition)} in {service}");
        await control.RollBackAsync(running, cancellationToken);
        if (!options.Wait)
            return await followed.RecordAsync(rollout, ReleaseOutcome.Started, $"{Name(rollout.TaskDefinition)} is being rolled back. Follow it: {rollout.FollowCommand}", cancellationToken);

        log.Step(ReleaseStep.Rollout, $"Waiting for {service} to be what it was before {Name(rollout.TaskDefinition)}");
        var result = await followed.WatchAsync(rollout, PausePolicy.Wait, cancellationToken);
        return await EndedAsync(followed, rollout, result, cancellationToken);
    }

    private async Task<ReleaseRecord> EndedAsync(FollowedService followed, StartedRollout rollout, RolloutResult result, CancellationToken cancellationToken)
    {
        var undone = await followed.RecordAsync(rollout, result, cancellationToken);
        if (result.Outcome is ReleaseOutcome.Succeeded or ReleaseOutcome.Unchanged)
        {
            var late = Errors.RollbackTooLate(service, Name(rollout.TaskDefinition), FollowCommand.Of("rollback", options, service));
            return undone with { Outcome = late.Outcome, Code = late.Code, Message = late.Message };
        }
        if (result.Outcome != ReleaseOutcome.RolledBack)
            return undone;
        var live = result.Service.Primary().Text("taskDefinition");
        var record = live is null || live == rollout.TaskDefinition
            ? undone with { TaskDefinition = null, Commit = null, Branch = null, Image = null, Digest = null }
            : await followed.RecordAsync(rollout with { TaskDefinition = live }, ReleaseOutcome.Succeeded, null, cancellationToken);
        return record with
        {
            Outcome = ReleaseOutcome.Succeeded,
            Code = null,
            Message = $"rolled back from {Name(rollout.TaskDefinition)}",
            ServiceDeployment = undone.ServiceDeployment,
            Previous = new(undone.Commit, rollout.TaskDefinition),
            Endpoints = undone.Endpoints,
            Warnings = undone.Warnings,
            Evidence = null,
        };
    }

    private static string Name(string taskDefinition) => taskDefinition.Split('/')[^1];
}

using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;

namespace EcsRelease.Verbs;

/// <summary>Brings a revision that was found back into the service, by one UpdateService, and follows it to its end.</summary>
internal sealed class RollbackUpdate(ReleaseOptions options, string service, IReleaseTarget target, AwsAccess access, WarningList log, TimeProvider time)
{
    private const int MaxTurns = 10;

    private readonly FollowedService followed = new(options, service, target, access, log, time);
    private readonly ServiceUpdate update = new(access.Ecs, options.Cluster, service, time);

    /// <exception cref="EcsReleaseException">ECSR5004, 5101, 5110, 5122.</exception>
    /// <exception cref="AwsServiceException">Nothing was sent yet.</exception>
    public async Task<ReleaseRecord> RunAsync(FoundRollback found, bool stopFirst, CancellationToken cancellationToken)
    {
        followed.Take(found.Service);
        var turn = new RollbackTurn(options, service, stopFirst, access, log, time);
        var (rollout, isUnchanged) = await TellStopAsync(turn, () => UpdateAsync(found, turn, cancellationToken));
        rollout = rollout.WithCommands(options);
        if (isUnchanged && turn.HasStopped)
            return await EndedAsync(found, await RecordAsync(rollout, ReleaseOutcome.Succeeded, "its deployment was stopped", found), cancellationToken);
        if (isUnchanged || !options.Wait)
        {
            rollout = rollout with { ServiceDeployment = await BegunDeployment.FindAsync(access.Ecs, rollout, log, cancellationToken) };
            return isUnchanged
                ? await followed.RecordAsync(rollout, ReleaseOutcome.Unchanged, null, cancellationToken) with { Endpoints = await Endpoints.ReadAsync(target, options.Cluster, service, log, cancellationToken) }
                : await RecordAsync(rollout, ReleaseOutcome.Started, $"Follow it: {rollout.FollowCommand}", found);
        }
        log.Step(ReleaseStep.Rollout, $"Rolling out {Name(rollout.TaskDefinition)}");
        var result = await followed.WatchAsync(rollout, options.OnPause, cancellationToken);
        var record = await followed.RecordAsync(rollout, result, cancellationToken) with { Previous = Previous(found) };
        return result.Outcome == ReleaseOutcome.Succeeded ? await EndedAsync(found, record with { Message = Message(found, result.Remark) }, cancellationToken) : record;

        async Task<ReleaseRecord> RecordAsync(StartedRollout begun, ReleaseOutcome outcome, string remark, FoundRollback from) =>
            await followed.RecordAsync(begun, outcome, outcome == ReleaseOutcome.Succeeded ? Message(from, remark) : remark, cancellationToken) with { Previous = Previous(from) };
    }

    private async Task<(StartedRollout Rollout, bool IsUnchanged)> UpdateAsync(FoundRollback found, RollbackTurn turn, CancellationToken cancellationToken)
    {
        var to = found.To!.Newest.TaskDefinition;
        for (var turns = 1; ; turns++)
        {
            var live = await turn.AwaitAsync(found.Service, to, cancellationToken);
            var running = live.TaskDefinition == to ? await RunningDigest.OfAsync(access.Ecs, live, found.Container, cancellationToken) : null;
            var action = UpdateDecision.Decide(live, existed: true, to, found.To.Best.Digest, running, force: false);
            if (action == UpdateAction.Unchanged)
                return (update.Attach(live.Description, to), true);
            if (action is UpdateAction.Join or UpdateAction.Watch)
            {
                log.Detail($"{Name(to)} is live already; following its deployment");
                return (update.Attach(live.Description, to), false);
            }
            var baseline = await update.BaselineAsync(cancellationToken);
            if (baseline.PrimaryId == live.Primary.Text("id"))
                return (await SendAsync(to, action == UpdateAction.ForceUpdate, baseline, cancellationToken), false);
            // Somebody else was faster: what is live now is to be looked at again.
            if (turns == MaxTurns)
                throw Errors.LiveStateMoved(service, $"then '{live.Primary.Text("id")}', now '{baseline.PrimaryId}'");
        }
    }

    private static async Task<T> TellStopAsync<T>(RollbackTurn turn, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (EcsReleaseException e) when (turn.HasStopped && e.Outcome is ReleaseOutcome.Refused or ReleaseOutcome.AwsFailed)
        {
            throw Errors.AfterUpdate("The deployment that was in progress was stopped all the same.", e);
        }
    }

    // Once it may have been sent, no failure means that nothing was changed.
    private async Task<StartedRollout> SendAsync(string to, bool force, RolloutBaseline baseline, CancellationToken cancellationToken)
    {
        log.Step(ReleaseStep.Update, $"Going back to {Name(to)} in {service}");
        var sent = $"The update of '{service}' was sent, but no answer came: it may have begun. Look at it: {FollowCommand.For(options, service)}";
        try
        {
            return await update.UpdateAsync(to, force, baseline, cancellationToken);
        }
        catch (AwsServiceException lost) when (lost.IsAnswerLost || lost.Operation != "ecs:UpdateService")
        {
            throw Errors.AfterUpdate(sent, AwsErrors.Explain(lost, service));
        }
        catch (EcsReleaseException moved)
        {
            throw Errors.AfterUpdate(sent, moved);
        }
    }

    /// <summary>What really runs is told, and whether it is what ran before: a tag may have been moved since.</summary>
    private async Task<ReleaseRecord> EndedAsync(FoundRollback found, ReleaseRecord record, CancellationToken cancellationToken)
    {
        try
        {
            var live = await LiveService.ReadAsync(access.Ecs, options.Cluster, service, cancellationToken);
            if (live is null || live.TaskDefinition != record.TaskDefinition || await RunningDigest.OfAsync(access.Ecs, live, found.Container, cancellationToken) is not { } running)
                return record;
            if (found.To!.Best.Digest is { } ran && ran != running)
                log.Warn(Errors.OtherDigestRuns(service, found.To.Name, ran, running));
            return record with { Digest = running, Warnings = [.. log.Warnings] };
        }
        catch (Exception unread) when (unread is AwsServiceException or EcsReleaseException)
        {
            log.Detail($"What {service} runs could not be read: {unread.Message}");
            return record;
        }
    }

    private static string Message(FoundRollback found, string? remark) =>
        $"rolled back from {Name(found.Service.TaskDefinition)} to {found.To!.Name}{(remark is null ? "" : $", {remark}")}";

    private static PreviousRelease Previous(FoundRollback found) => new(found.Live.Commit, found.Service.TaskDefinition);

    private static string Name(string taskDefinition) => taskDefinition.Split('/')[^1];
}

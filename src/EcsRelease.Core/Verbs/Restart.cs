using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>Deploys the live revision of a service anew, so that all its tasks are replaced, and follows that as a
/// release is followed. The revision never changes.</summary>
public sealed class Restart(ReleaseOptions options, string service, IReleaseTarget target, IReporter reporter, TimeProvider time)
{
    private const int MaxTurns = 10;

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    private readonly WarningList log = new(reporter);

    /// <summary>Asked with what is about to be done before it is; it throws what ends the verb. Null = nobody is asked.</summary>
    public Func<string, CancellationToken, Task>? Confirm { get; init; }

    /// <returns>How it ended, also badly: as a release.</returns>
    /// <exception cref="EcsReleaseException">It is refused, and nothing was changed (ECSR4xxx, 5101, 5109, 5110, 5113, 5225, 5226, 5272, 5281), or
    /// AWS failed (4xxx, 5004, 5122).</exception>
    public Task<ReleaseRecord> RunAsync(CancellationToken cancellationToken) => Explained.RunAsync($"{options.Cluster}/{service}", async () =>
    {
        log.Step(ReleaseStep.Preflight, $"Looking at {service}");
        using var access = await target.ConnectAsync(cancellationToken);
        var followed = new FollowedService(options, service, target, access, log, time);
        var live = await LiveRelease.ReadServiceAsync(access.Ecs, options with { StopAfter = StopAfterStep.None }, service, access, cancellationToken)
            ?? throw Errors.ServiceMissing(service, options.Cluster);
        Check(live, access.Region);
        if (Confirm is not null)
            await Confirm($"Replace the {live.RunningCount} {(live.RunningCount == 1 ? "task" : "tasks")} of '{service}' in cluster '{options.Cluster}' ({access.Account}/{access.Region}, {Name(live.TaskDefinition)})", cancellationToken);
        var (begun, digest) = await UpdateAsync(access, live, cancellationToken);
        var rollout = begun.WithCommands(options);
        followed.Take(live);
        if (!options.Wait)
        {
            rollout = rollout with { ServiceDeployment = await BegunDeployment.FindAsync(access.Ecs, rollout, log, cancellationToken) };
            return await followed.RecordAsync(rollout, ReleaseOutcome.Started, $"Follow it: {rollout.FollowCommand}", cancellationToken);
        }
        log.Step(ReleaseStep.Rollout, $"Replacing the tasks of {Name(rollout.TaskDefinition)}");
        var result = await followed.WatchAsync(rollout, options.OnPause, cancellationToken);
        var record = await followed.RecordAsync(rollout, result, cancellationToken);
        return result.Outcome == ReleaseOutcome.Succeeded ? await EndedAsync(access, record, digest, result.Remark, cancellationToken) : record;
    });

    private void Check(LiveService live, string region)
    {
        if (live.Status != "ACTIVE")
            throw Errors.ServiceNotActive(service, live.Status);
        if (live.TaskDefinition.Length == 0)
            throw Errors.NothingLive(service, options.Cluster);
        if (live.IsExpress)
            throw Errors.NotRestarted(service, "is an Express Mode service", $"Deploy it by: aws ecs update-express-gateway-service --service-arn {live.Description.Text("serviceArn")} --region {region}");
        if (live.Controller != "ECS")
            throw Errors.NotRestarted(service, $"has the deployment controller '{live.Controller}'", live.Controller == "EXTERNAL" ? "Ask who makes its task sets." : "Deploy its revision again: aws deploy create-deployment");
        if (live.OwnedBy is { } owner && options.Owned == OwnedPolicy.Refuse)
            throw Errors.OwnedRefused(service, owner);
        if (live.DesiredCount == 0 && live.Description.Text("schedulingStrategy") != "DAEMON")
            log.Warn(Errors.NoTaskWanted(service, options.Cluster, region));
    }

    private async Task<(StartedRollout Rollout, string? Digest)> UpdateAsync(AwsAccess access, LiveService seen, CancellationToken cancellationToken)
    {
        var update = new ServiceUpdate(access.Ecs, options.Cluster, service, time);
        for (var turn = 1; ; turn++)
        {
            var live = await AwaitTurnAsync(access, seen, cancellationToken);
            var digest = await DigestAsync(access, live, live.TaskDefinition, cancellationToken);
            var baseline = await update.BaselineAsync(cancellationToken);
            if (baseline.PrimaryId == live.Primary.Text("id"))
                return (await SendAsync(update, live.TaskDefinition, baseline, cancellationToken), digest);
            // Somebody else was faster: what is live now is to be looked at again.
            if (turn == MaxTurns)
                throw Errors.LiveStateMoved(service, $"then '{live.Primary.Text("id")}', now '{baseline.PrimaryId}'");
        }
    }

    /// <summary>Waits while a deployment is in progress, as a release does; what is live afterwards is restarted.</summary>
    private async Task<LiveService> AwaitTurnAsync(AwsAccess access, LiveService live, CancellationToken cancellationToken)
    {
        var waitingSince = time.GetUtcNow();
        for (var isFirst = true; live.RolloutState == "IN_PROGRESS" && options.OnConflict != ConflictPolicy.Supersede; isFirst = false)
        {
            var waited = isFirst ? TimeSpan.Zero : time.GetUtcNow() - waitingSince;
            if (options.OnConflict == ConflictPolicy.Fail || waited >= options.Timeout)
                throw Errors.ConflictInProgress(service, live.TaskDefinition, waited, live.FailedTasks);
            if (isFirst)
                log.Step(ReleaseStep.Turn, $"Waiting for the deployment of {Name(live.TaskDefinition)} to end");
            log.Progress(new($"{Name(live.TaskDefinition)}: {live.RunningCount} of {live.DesiredCount} tasks running", live.RunningCount, live.DesiredCount, "tasks"));
            await Task.Delay(_pause, time, cancellationToken);
            live = await LiveService.ReadAsync(access.Ecs, options.Cluster, service, cancellationToken) is { Status: "ACTIVE" } now
                ? now
                : throw Errors.ServiceDeletedOutcome(service, "MISSING");
        }
        return live;
    }

    // Once it may have been sent, no failure means that nothing was changed.
    private async Task<StartedRollout> SendAsync(ServiceUpdate update, string revision, RolloutBaseline baseline, CancellationToken cancellationToken)
    {
        log.Step(ReleaseStep.Update, $"Deploying {Name(revision)} anew in {service}");
        var sent = $"The update of '{service}' was sent, but no answer came: it may have begun. Look at it: {FollowCommand.For(options, service)}";
        try
        {
            return await update.UpdateAsync(revision, force: true, baseline, cancellationToken);
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

    /// <summary>The tag of its image may have been moved: then other bytes run now than before.</summary>
    private async Task<ReleaseRecord> EndedAsync(AwsAccess access, ReleaseRecord record, string? before, string? remark, CancellationToken cancellationToken)
    {
        var text = $"restarted {Name(record.TaskDefinition!)}{(remark is null ? "" : $", {remark}")}";
        try
        {
            var live = await LiveService.ReadAsync(access.Ecs, options.Cluster, service, cancellationToken);
            if (live is null || live.TaskDefinition != record.TaskDefinition || await DigestAsync(access, live, record.TaskDefinition!, cancellationToken) is not { } running)
                return record with { Message = text };
            if (before is not null && before != running)
                log.Warn(Errors.RestartedDigestMoved(service, Name(record.TaskDefinition!), record.Image ?? "its image", before, running));
            return record with { Message = text, Digest = running, Warnings = [.. log.Warnings] };
        }
        catch (Exception unread) when (unread is AwsServiceException or EcsReleaseException)
        {
            log.Detail($"What {service} runs could not be read: {unread.Message}");
            return record with { Message = text };
        }
    }

    private async Task<string?> DigestAsync(AwsAccess access, LiveService live, string revision, CancellationToken cancellationToken)
    {
        var described = await access.Ecs.DescribeTaskDefinitionAsync(new JsonObject { ["taskDefinition"] = revision }, cancellationToken);
        return LiveImage.ContainerOf(described, options.Container).Text("name") is { } container ? await RunningDigest.OfAsync(access.Ecs, live, container, cancellationToken) : null;
    }

    private static string Name(string taskDefinition) => taskDefinition.Split('/')[^1];
}

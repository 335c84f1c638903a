using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>A service whose deployment is followed by a verb that releases no commit: finding, watching, the record.</summary>
internal sealed class FollowedService(ReleaseOptions options, string service, IReleaseTarget target, AwsAccess access, WarningList log, TimeProvider time)
{
    private readonly DateTimeOffset startedAt = time.GetUtcNow();
    private LiveService? live;
    private double? watched;

    /// <summary>The newest deployment of the service, whoever began it.</summary>
    /// <exception cref="EcsReleaseException">ECSR4006, 4010, 5113, 5133.</exception>
    /// <exception cref="AwsServiceException"/>
    public async Task<StartedRollout> FindAsync(CancellationToken cancellationToken)
    {
        live = await LiveRelease.ReadServiceAsync(access.Ecs, options with { StopAfter = StopAfterStep.None }, service, access, cancellationToken)
            ?? throw Errors.ServiceMissing(service, options.Cluster);
        if (live.Controller != "ECS")
            throw Errors.ControllerNotFollowed(service, live.Controller);
        var rollout = await RolloutAttachment.NewestAsync(access.Ecs, live.Description, options.Cluster, service, time, cancellationToken);
        return rollout.WithCommands(options);
    }

    /// <summary>A service that was read already.</summary>
    public void Take(LiveService service) => live = service;

    public async Task<RolloutResult> WatchAsync(StartedRollout rollout, PausePolicy onPause, CancellationToken cancellationToken)
    {
        var watchedAt = time.GetTimestamp();
        var result = await new RolloutWatch(access, log, time) { OnPause = onPause }.WaitAsync(rollout, options.Timeout, cancellationToken);
        watched = time.GetElapsedTime(watchedAt).TotalSeconds;
        return result;
    }

    /// <summary>The record of a deployment that was watched.</summary>
    public async Task<ReleaseRecord> RecordAsync(StartedRollout rollout, RolloutResult result, CancellationToken cancellationToken)
    {
        var record = await RecordAsync(rollout, result.Outcome, result.Error?.Message ?? result.Remark, cancellationToken) with
        {
            Code = result.Error?.Code,
            ServiceDeployment = result.ServiceDeployment ?? rollout.ServiceDeployment,
            Evidence = result.Evidence,
            Endpoints = await Endpoints.ReadAsync(target, options.Cluster, service, log, cancellationToken),
        };
        return record with { Warnings = [.. log.Warnings] };
    }

    /// <summary>The record of a deployment that goes on.</summary>
    public async Task<ReleaseRecord> RecordAsync(StartedRollout rollout, ReleaseOutcome outcome, string? message, CancellationToken cancellationToken)
    {
        var revision = await RevisionAsync(rollout.TaskDefinition, cancellationToken);
        var seconds = new Dictionary<string, double>();
        if (watched is { } length)
            seconds["rollout"] = Math.Round(length, 3);
        seconds["total"] = Math.Round((time.GetUtcNow() - startedAt).TotalSeconds, 3);
        return new ReleaseRecord
        {
            Version = EngineVersion.Current,
            StartedAt = startedAt,
            Outcome = outcome,
            Message = message,
            Commit = revision is null ? null : RevisionTags.CommitOf(revision),
            Branch = revision is null ? null : RevisionTags.Read(revision).Branch,
            Image = revision is null ? null : LiveImage.Of(revision, options.Container),
            Digest = revision is null ? null : RevisionTags.Read(revision).Digest,
            Owner = live?.Owner,
            Strategy = live?.Strategy,
            TaskDefinition = rollout.TaskDefinition,
            ServiceDeployment = rollout.ServiceDeployment,
            Target = target.Name,
            Account = access.Account,
            Region = access.Region,
            Cluster = options.Cluster,
            Service = service,
            Warnings = [.. log.Warnings],
            Seconds = seconds,
        };
    }

    // How a rollout ended is worth more than its commit.
    private async Task<JsonObject?> RevisionAsync(string taskDefinition, CancellationToken cancellationToken)
    {
        try
        {
            return await access.Ecs.DescribeTaskDefinitionAsync(new() { ["taskDefinition"] = taskDefinition, ["include"] = new JsonArray("TAGS") }, cancellationToken);
        }
        catch (Exception unread) when (unread is AwsServiceException or EcsReleaseException)
        {
            log.Detail($"{taskDefinition} could not be read: {unread.Message}");
            return null;
        }
    }
}

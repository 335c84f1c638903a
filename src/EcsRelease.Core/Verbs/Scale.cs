using System.Text.Json;
using System.Text.Json.Serialization;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;

namespace EcsRelease.Verbs;

/// <summary>Sets how many tasks a service is to have, and waits until it has them. No deployment begins.</summary>
public sealed class Scale(ReleaseOptions options, string service, int count, IReleaseTarget target, IReporter reporter, TimeProvider time)
{
    private readonly WarningList log = new(reporter);
    private DateTimeOffset sentAt;
    private bool wasSent;

    /// <summary>Asked with what is about to be done before it is; it throws what ends the verb. Null = nobody is asked.</summary>
    public Func<string, CancellationToken, Task>? Confirm { get; init; }

    /// <summary>What is left when the verb is cancelled.</summary>
    public string WhatGoesOn => wasSent ? $"'{service}' is to have {count} tasks, and ECS goes on with it." : "Nothing was changed.";

    /// <returns>How it ended, also badly: `succeeded`, `unchanged`, `started` when it is not waited for.</returns>
    /// <exception cref="EcsReleaseException">It is refused, and nothing was changed (ECSR4xxx, 5109, 5225, 5226, 5279, 5281), or AWS failed (4xxx, 5122, 5284).</exception>
    public Task<ScaleRecord> RunAsync(CancellationToken cancellationToken) => Explained.RunAsync($"{options.Cluster}/{service}", async () =>
    {
        var startedAt = time.GetUtcNow();
        log.Step(ReleaseStep.Preflight, $"Looking at {service}");
        using var access = await target.ConnectAsync(cancellationToken);
        var live = await LiveRelease.ReadServiceAsync(access.Ecs, options with { StopAfter = StopAfterStep.None }, service, access, cancellationToken)
            ?? throw Errors.ServiceMissing(service, options.Cluster);
        Check(live, access.Region);
        var (before, running) = (live.DesiredCount, live.RunningCount);
        if (live.RolloutState == "IN_PROGRESS")
            log.Detail($"A deployment of {live.TaskDefinition.Split('/')[^1]} is in progress: it goes on with {count} tasks");
        if (before != count && Confirm is not null)
            await Confirm($"Scale '{service}' in cluster '{options.Cluster}' ({access.Account}/{access.Region}) from {before} to {count} tasks", cancellationToken);
        log.Step(ReleaseStep.Update, $"Setting {service} from {before} to {count} tasks ({running} run)");
        sentAt = time.GetUtcNow();
        if (before != count)
            await SendAsync(access, before, cancellationToken);
        var end = before == count && running == count ? new CountEnd(running)
            : options.Wait ? await WatchAsync(access, live, cancellationToken)
            : null;
        return new ScaleRecord
        {
            Version = EngineVersion.Current,
            StartedAt = startedAt,
            Outcome = end?.Error?.Outcome ?? (end is null ? ReleaseOutcome.Started : before == count ? ReleaseOutcome.Unchanged : ReleaseOutcome.Succeeded),
            Code = end?.Error?.Code,
            Message = end?.Error?.Message,
            Warnings = [.. log.Warnings],
            Target = target.Name,
            Account = access.Account,
            Region = access.Region,
            Cluster = options.Cluster,
            Service = service,
            TaskDefinition = live.TaskDefinition is { Length: > 0 } arn ? arn : null,
            Before = new(before, running),
            After = new(count, end?.Running ?? running),
            Seconds = Math.Round((time.GetUtcNow() - startedAt).TotalSeconds, 3),
            Evidence = end?.Evidence,
        };
    });

    private void Check(LiveService live, string region)
    {
        if (live.Status != "ACTIVE")
            throw Errors.ServiceNotActive(service, live.Status);
        if (live.Description.Text("schedulingStrategy") == "DAEMON")
            throw Errors.NotScaled(service, "runs one task on each container instance (DAEMON)", "Its count is that of the instances: scale their group.");
        if (live.IsExpress)
            throw Errors.NotScaled(service, "is an Express Mode service, which scales itself",
                $"Set its limits: aws ecs update-express-gateway-service --service-arn {live.Description.Text("serviceArn")} --scaling-target minTaskCount={count} --region {region}");
        if (live.OwnedBy is not { } owner || options.Owned == OwnedPolicy.Ignore)
            return;
        if (options.Owned == OwnedPolicy.Refuse)
            throw Errors.OwnedRefused(service, owner);
        log.Warn(Errors.ScaleOwned(service, owner, count));
    }

    // Once it may have been sent, no failure means that nothing was changed.
    private async Task SendAsync(AwsAccess access, int before, CancellationToken cancellationToken)
    {
        wasSent = true;
        try
        {
            await new DesiredCount(access.Ecs, options.Cluster, service).SetAsync(count, before, cancellationToken);
        }
        catch (AwsServiceException failed) when (failed.IsAnswerLost || failed.Operation != "ecs:UpdateService")
        {
            throw Errors.AfterUpdate($"The count of '{service}' may have been set. Look: {FollowCommand.Of("status", options, service)}", AwsErrors.Explain(failed, service));
        }
        catch (AwsServiceException)
        {
            wasSent = false;
            throw;
        }
    }

    private async Task<CountEnd> WatchAsync(AwsAccess access, LiveService live, CancellationToken cancellationToken)
    {
        log.Step(ReleaseStep.Rollout, $"Waiting until {count} tasks of {service} run");
        var rollout = new ServiceUpdate(access.Ecs, options.Cluster, service, time).Attach(live.Description, live.TaskDefinition) with { UpdatedAt = sentAt };
        try
        {
            return await new CountWatch(access, rollout, count, log, time).WaitAsync(options.Timeout, cancellationToken);
        }
        catch (AwsServiceException unread)
        {
            throw Errors.AfterUpdate(WhatGoesOn, AwsErrors.Explain(unread, service));
        }
    }
}

/// <summary>How a change of the count ended: the document of `scale --json`. Its shape is a promise, additions only.</summary>
public sealed record ScaleRecord
{
    public int Schema { get; init; } = 1;

    public required string Version { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    [JsonConverter(typeof(ReleaseRecord.OutcomeWord))]
    public required ReleaseOutcome Outcome { get; init; }

    public string? Code { get; init; }

    public string? Message { get; init; }

    public IReadOnlyList<Notice> Warnings { get; init; } = [];

    public required string Target { get; init; }

    public required string Account { get; init; }

    public required string Region { get; init; }

    public required string Cluster { get; init; }

    public required string Service { get; init; }

    /// <summary>ARN of the live revision.</summary>
    public string? TaskDefinition { get; init; }

    public required TaskCounts Before { get; init; }

    public required TaskCounts After { get; init; }

    public double Seconds { get; init; }

    public RolloutEvidence? Evidence { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, ReleaseRecord.Json);
}

/// <param name="Desired">How many there are to be.</param>
/// <param name="Running">How many ran at the last look.</param>
public sealed record TaskCounts(int Desired, int Running);

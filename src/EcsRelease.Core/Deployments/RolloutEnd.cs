using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Deployments;

/// <summary>Makes the result of a watch: outcome, error with cause, evidence.</summary>
internal sealed class RolloutEnd(AmazonEcsClient ecs, StartedRollout rollout, TimeSpan limit, FailureEvidence evidence, IReporter reporter)
{
    /// <exception cref="AwsServiceException"/>
    public async Task<RolloutResult> OfAsync(ReleaseOutcome outcome, Verdict verdict, RolloutSnapshot last, string? remark, CancellationToken cancellationToken)
    {
        if (outcome is ReleaseOutcome.Succeeded or ReleaseOutcome.Unchanged)
        {
            if (verdict.SupersededBy is { } by)
                reporter.Warn(Errors.ThenSuperseded(rollout.Service, await ReleaseNameAsync(by, cancellationToken)));
            return Result(outcome, last, null, null) with { Remark = Joined([remark, verdict.Remark]) };
        }
        if (outcome == ReleaseOutcome.ServiceDeleted)
            return Result(outcome, last, Errors.ServiceDeletedOutcome(rollout.Service, verdict.Text), null);
        var found = await evidence.CollectAsync(last, cancellationToken);
        if (outcome == ReleaseOutcome.Superseded)
            return Result(outcome, last, Errors.SupersededOutcome(rollout.Service, await ReleaseNameAsync(verdict.SupersededBy, cancellationToken)), found);
        var cause = FailureCause.Of(verdict.Text, found);
        return Result(outcome, last, outcome switch
        {
            ReleaseOutcome.RolledBack => Errors.RolledBackOutcome(rollout.Service, await LiveAgainAsync(last, cancellationToken), cause),
            ReleaseOutcome.RollbackFailed => Errors.RollbackFailedOutcome(rollout.Service, cause),
            ReleaseOutcome.Stopped => Errors.StoppedOutcome(rollout.Service, cause),
            _ => Errors.FailedOutcome(rollout.Service, cause),
        }, found);
    }

    /// <summary>The limit passed and ECS goes on.</summary>
    /// <exception cref="AwsServiceException"/>
    public async Task<RolloutResult> AtLimitAsync(Verdict? verdict, RolloutSnapshot? last, string? remark, CancellationToken cancellationToken)
    {
        if (last?.Service is { } service && rollout.IsAttached && IsLive(service))
        {
            var (running, desired) = RolloutProgress.Counts(rollout, service);
            reporter.Warn(Errors.BelowDesired(rollout.Service, running, desired));
            return Result(ReleaseOutcome.Unchanged, last, null, await evidence.CollectAsync(last, cancellationToken)) with { Remark = Joined([remark, $"{running} of {desired} tasks running"]) };
        }
        if (verdict?.Pause is { } pause)
            return await PausedAsync(pause, last, cancellationToken);
        var found = await evidence.CollectAsync(last, cancellationToken);
        return Result(ReleaseOutcome.TimedOut, last, Errors.TimedOutOutcome(rollout.Service, limit, found.Cause, rollout.FollowCommand), found);
    }

    /// <summary>A lifecycle hook waits for a person, and nobody waits for it.</summary>
    /// <exception cref="AwsServiceException"/>
    public async Task<RolloutResult> PausedAsync(PauseEvidence pause, RolloutSnapshot? last, CancellationToken cancellationToken) => Result(
        ReleaseOutcome.Paused,
        last,
        Errors.PausedOutcome(rollout.Service, RolloutPause.Text(pause), rollout.ContinueCommand, rollout.RollbackCommand),
        await evidence.CollectAsync(last, cancellationToken) with { Pause = pause });

    /// <summary>The service cannot be read any more and ECS goes on.</summary>
    public RolloutResult Unwatched(Exception unread, RolloutSnapshot? last)
    {
        var cause = unread is AwsServiceException refused ? AwsErrors.Explain(refused, rollout.Service).Message : unread.Message;
        var result = Result(ReleaseOutcome.AwsFailed, last, Errors.RolloutUnwatched(rollout.Service, cause, rollout.FollowCommand), null);
        return result with { ServiceDeployment = result.ServiceDeployment ?? rollout.ServiceDeployment };
    }

    private static RolloutResult Result(ReleaseOutcome outcome, RolloutSnapshot? last, EcsReleaseException? error, RolloutEvidence? found) => new(
        outcome,
        last?.Deployment.Text("serviceDeploymentArn"),
        error is null ? null : new EcsReleaseException(error.Code, error.Outcome, error.Message) { Evidence = found },
        found,
        last?.Service);

    private bool IsLive(JsonObject service) =>
        service.Primary() is { } primary && primary.Text("id") == rollout.PrimaryId && primary.Text("rolloutState") == "COMPLETED";

    // While a rollback is reported as ended, the service's PRIMARY is what it went back to, unless a read lags.
    private async Task<string?> LiveAgainAsync(RolloutSnapshot last, CancellationToken cancellationToken)
    {
        var live = last.Service.Primary().Text("taskDefinition");
        if (live is not null && live != rollout.TaskDefinition)
            return await ReleaseNameAsync(live, cancellationToken);
        if (last.Deployment.Object("rollback").Text("serviceRevisionArn") is not { } revision)
            return null;
        try
        {
            return (await ecs.TaskDefinitionsOfAsync([revision], cancellationToken)).GetValueOrDefault(revision) is { } before
                ? await ReleaseNameAsync(before, cancellationToken)
                : null;
        }
        catch (Exception unread) when (unread is AwsServiceException or EcsReleaseException)
        {
            reporter.Detail($"{revision} could not be read: {unread.Message}");
            return null;
        }
    }

    // People look for the commit; ECS knows the revision.
    private async Task<string> ReleaseNameAsync(string? taskDefinition, CancellationToken cancellationToken)
    {
        if (taskDefinition?.Contains(":task-definition/", StringComparison.Ordinal) != true)
            return taskDefinition ?? "another deployment";
        try
        {
            var described = await ecs.DescribeTaskDefinitionAsync(
                new JsonObject { ["taskDefinition"] = taskDefinition, ["include"] = new JsonArray("TAGS") }, cancellationToken);
            return RevisionTags.CommitOf(described) is { } commit ? $"{Name(taskDefinition)} (commit {commit[..Math.Min(12, commit.Length)]})" : Name(taskDefinition);
        }
        // Also credentials that have expired by now: how the rollout ended is known.
        catch (Exception unread) when (unread is AwsServiceException or EcsReleaseException)
        {
            reporter.Detail($"{taskDefinition} could not be read: {unread.Message}");
            return Name(taskDefinition);
        }
    }

    private static string Name(string taskDefinition) => taskDefinition.Split('/')[^1];

    private static string? Joined(IEnumerable<string?> remarks) =>
        string.Join(", ", remarks.OfType<string>()) is { Length: > 0 } text ? text : null;
}

using EcsRelease.Aws;
using EcsRelease.Aws.Targets;

namespace EcsRelease.Deployments;

/// <summary>Stays with a rollout until ECS ended it, and says how, and why (DESIGN 10).</summary>
/// <param name="jitter">Spreads the looks of several runs; seeded in tests.</param>
public sealed class RolloutWatch(AwsAccess access, IReporter reporter, TimeProvider time, Random? jitter = null)
{
    // Eight times the usual pause, at most 40 s.
    private const int MaxSlowdowns = 3;

    private readonly Random _jitter = jitter ?? Random.Shared;

    /// <summary>Whether a pause at a lifecycle hook is waited for.</summary>
    public PausePolicy OnPause { get; init; } = PausePolicy.Wait;

    /// <param name="limit">How long to wait; the deployment itself goes on after it.</param>
    /// <returns>A bad outcome carries its error and evidence; it is not thrown. `awsFailed` (ECSR5117) when the service
    /// cannot be read any more (denied, credentials expired): the deployment goes on without us.</returns>
    public async Task<RolloutResult> WaitAsync(StartedRollout rollout, TimeSpan limit, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        var poll = new RolloutPoll(access.Ecs, rollout, time);
        var stopped = new StoppedTasks(access.Ecs, rollout);
        var evidence = new FailureEvidence(access, rollout, stopped);
        var report = new RolloutReport(rollout, reporter, stopped, limit, OnPause);
        var end = new RolloutEnd(access.Ecs, rollout, limit, evidence, reporter);
        RolloutSnapshot? last = null;
        Verdict? verdict = null;
        string? remark = null;
        var throttled = 0;
        while (true)
        {
            try
            {
                last = await poll.ReadAsync(cancellationToken);
                throttled = 0;
                verdict = RolloutRule.Judge(rollout, last);
                await report.ShowAsync(last, verdict, cancellationToken);
            }
            catch (AwsServiceException passing) when (passing.IsPassing)
            {
                throttled = passing.IsThrottled ? Math.Min(throttled + 1, MaxSlowdowns) : 0;
                reporter.Progress(new Progress($"waiting for ECS to answer ({passing.ErrorCode})"));
            }
            catch (Exception lasting) when (lasting is AwsServiceException or EcsReleaseException)
            {
                return end.Unwatched(lasting, last);
            }
            if (verdict is { Follow: { } newer })
            {
                poll.Follow(newer);
                remark = $"joined {newer}";
                verdict = null;
            }
            if (verdict?.Outcome is { } outcome)
                return await end.OfAsync(outcome, verdict, last!, remark, cancellationToken);
            if (verdict?.Pause is { } pause && OnPause == PausePolicy.Exit)
                return await end.PausedAsync(pause, last, cancellationToken);
            if (report.KeepsFailing)
                return await end.OfAsync(ReleaseOutcome.Failed, Verdict.End(ReleaseOutcome.Failed, "the commit is live but its tasks keep failing"), last!, remark, cancellationToken);
            var elapsed = time.GetElapsedTime(startedAt);
            if (elapsed >= limit)
                return await end.AtLimitAsync(verdict, last, remark, cancellationToken);
            var isNearEnd = last is not null && RolloutProgress.IsNearEnd(rollout, last);
            await Task.Delay(Pause(elapsed, limit, isNearEnd, throttled), time, cancellationToken);
        }
    }

    // Many short looks first: most rollouts that fail at once do it then. Later no end that can be seen coming is
    // noticed late. Each throttled look doubles the pause to the next.
    private TimeSpan Pause(TimeSpan elapsed, TimeSpan limit, bool isNearEnd, int throttled)
    {
        var pause = elapsed.TotalSeconds switch { < 10 => 0.5, < 30 => 1, < 120 => 2, _ => isNearEnd ? 2 : 5 };
        var spread = TimeSpan.FromSeconds(pause * (1 << throttled) * (0.8 + (0.4 * _jitter.NextDouble())));
        var rest = limit - elapsed;
        return spread < rest ? spread : rest;
    }
}

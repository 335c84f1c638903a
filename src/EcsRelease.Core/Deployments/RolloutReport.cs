using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>Tells the reporter what changed since the last look, and catches stopped tasks when something failed.</summary>
/// <param name="limit">Of the watch.</param>
internal sealed class RolloutReport(StartedRollout rollout, IReporter reporter, StoppedTasks stopped, TimeSpan limit, PausePolicy onPause)
{
    // As many as make a failing release of the circuit breaker's smallest threshold.
    private const int KeepsFailingAfter = 3;

    private readonly HashSet<string> _events = new(StringComparer.Ordinal);
    private readonly HashSet<string> _warned = new(StringComparer.Ordinal);
    private string? _trouble;
    private int? _failedBefore;

    /// <summary>A revision that was live before this release loses one task after the other.</summary>
    public bool KeepsFailing { get; private set; }

    public async Task ShowAsync(RolloutSnapshot now, Verdict verdict, CancellationToken cancellationToken)
    {
        ShowEvents(now);
        if (verdict.WeakerBecause is { } why)
            WarnOnce(Errors.WeakerRule(rollout.Service, why));
        if (verdict.IsFailing)
            WarnOnce(Errors.FailingWithoutBreaker(rollout.Service, rollout.Cluster, verdict.Text));
        if (verdict.Pause is { } pause && onPause == PausePolicy.Wait)
            WarnOnce(Errors.PausedWarning(rollout.Service, RolloutPause.Text(pause), rollout.ContinueCommand, rollout.RollbackCommand), pause.HookId);
        if (verdict.Outcome is null && now.Service is { } service)
        {
            var (running, desired) = RolloutProgress.Counts(rollout, service);
            reporter.Progress(new Progress(verdict.Text, running, desired, "tasks", RolloutLines.Of(rollout, now), limit));
        }
        await CatchStoppedAsync(now, cancellationToken);
    }

    private void ShowEvents(RolloutSnapshot now)
    {
        foreach (var each in ServiceEvents.Since(now.Service, rollout.UpdatedAt))
            if (_events.Add(each.Text("id") ?? $"{each.Time("createdAt")} {each.Text("message")}"))
                reporter.Detail(InertText.Of(each.Text("message") ?? ""));
    }

    // Task reads cost calls, so they are made when something moved that a failed task moves.
    private async Task CatchStoppedAsync(RolloutSnapshot now, CancellationToken cancellationToken)
    {
        var counted = now.Deployment.Object("deploymentCircuitBreaker").Integer("failureCount") ?? 0;
        var failed = now.Service is { } service ? RolloutProgress.FailedTasks(rollout, service) : 0;
        var trouble = string.Join('|', counted, failed,
            now.Service.Objects("events").FirstOrDefault(each => !ServiceEvents.IsRoutine(each.Text("message") ?? "")).Text("id"));
        if (trouble == _trouble)
            return;
        var isFirst = _trouble is null;
        _trouble = trouble;
        var isLive = rollout.IsAttached && now.Service.Primary() is { } primary && primary.Text("id") == rollout.PrimaryId && primary.Text("rolloutState") == "COMPLETED";
        // What failed before counts where it is to be told from what fails from now on.
        if (isFirst && !isLive && counted + failed == 0)
            return;
        try
        {
            await stopped.RefreshAsync(cancellationToken);
        }
        catch (AwsServiceException unread)
        {
            // The final evidence reads them once more, and notes it when that fails too.
            reporter.Progress(new Progress($"stopped tasks could not be read ({unread.ErrorCode})"));
            return;
        }
        _failedBefore ??= stopped.OwnFailures;
        KeepsFailing = isLive && stopped.OwnFailures - _failedBefore >= KeepsFailingAfter;
    }

    private void WarnOnce(Notice notice, string about = "")
    {
        if (_warned.Add(notice.Code + about))
            reporter.Warn(notice);
    }
}

using EcsRelease.Aws;
using EcsRelease.Deployments;
using EcsRelease.Gates;
using EcsRelease.TaskRuns;

namespace EcsRelease.Verbs;

/// <summary>EcsAfterDeploy: a release whose rollout succeeded must also answer; else the service is set back, where that
/// is asked for.</summary>
internal sealed class AfterGate(ReleaseOptions options, ReleaseLog log, TimeProvider time, HttpMessageHandler? connection = null)
{
    /// <returns>The result as it is, or `checkFailed`.</returns>
    public async Task<RolloutResult> PassAsync(
        GatedRelease release, StartedRollout rollout, RolloutResult result, IReadOnlyList<string> endpoints, CancellationToken cancellationToken)
    {
        if (options.AfterDeploy is not { } text || result.Outcome != ReleaseOutcome.Succeeded)
            return result;
        var plan = release.Plan;
        var check = AfterDeployCheck.Parse(text);
        log.Succeeded();
        log.GateRemark = $"EcsAfterDeploy '{check.Shown}' was not passed.";
        var start = time.GetTimestamp();
        var (gate, cause, evidence) = await log.StepAsync(ReleaseStep.After, $"Checking {check.Shown}", () => check.Command.Count > 0
            ? RunAsync(GateTask.Of("EcsAfterDeploy", text, release, result.Service ?? []), plan, cancellationToken)
            : AskAsync(check, endpoints, cancellationToken));
        gate = gate with { Seconds = Math.Round(time.GetElapsedTime(start).TotalSeconds, 3) };
        log.After(gate);
        log.GateRemark = null;
        if (cause is null)
            return result;
        var error = options.AfterDeployRollback
            ? await SetBackAsync(plan, rollout, check.Shown, cause, gate, cancellationToken)
            : Errors.AfterDeployFailed(check.Shown, plan.Cluster, plan.Service, cause, await PreviousAsync(plan, rollout, cancellationToken));
        return result with { Outcome = error.Outcome, Error = error, Evidence = evidence };
    }

    /// <summary>A check that was declared and cannot be done is not passed over in silence.</summary>
    public void Skip(string why)
    {
        if (options.AfterDeploy is { } text)
            log.Warn(Errors.AfterDeployNotRun(AfterDeployCheck.Parse(text).Shown, why));
    }

    private async Task<(GateRecord Gate, string? Cause, RolloutEvidence? Evidence)> RunAsync(OneOffTask task, ReleasePlan plan, CancellationToken cancellationToken)
    {
        try
        {
            var end = await new GateTask(plan.Access, log, time).RunAsync(task, options.Timeout, cancellationToken);
            var gate = new GateRecord { Task = end.Task, ExitCode = end.ExitCode, Seconds = 0 };
            return end.Fault switch
            {
                CommandFault.None => (gate, null, null),
                CommandFault.TimedOut => (gate, $"it did not end within {options.Timeout.TotalMinutes:0.#} min (EcsTimeout). {end.Cause}", end.Evidence),
                CommandFault.NotStarted => (gate, $"it did not start: {end.Cause}", end.Evidence),
                _ => (gate, end.Cause, end.Evidence),
            };
        }
        catch (Exception refused) when (refused is AwsServiceException or EcsReleaseException)
        {
            // The release is live: that it could not be checked is the check's failure, not the release's.
            return (new() { Seconds = 0 }, refused is AwsServiceException answer ? AwsErrors.Explain(answer, plan.Service).Message : refused.Message, null);
        }
    }

    private async Task<(GateRecord Gate, string? Cause, RolloutEvidence? Evidence)> AskAsync(AfterDeployCheck check, IReadOnlyList<string> endpoints, CancellationToken cancellationToken)
    {
        if ((check.Address ?? Resolved(check.Path!, endpoints)) is not { } address)
            return (new() { Seconds = 0 }, "the service has no address to which the path could be added: declare a port (EcsPort).", null);
        using var asked = new AddressCheck(address, log, time, connection);
        var limit = options.Timeout < AddressCheck.Limit ? options.Timeout : AddressCheck.Limit;
        var end = await asked.RunAsync(limit, cancellationToken);
        return (new() { Address = AfterDeployCheck.Show(address), Status = end.Status, Seconds = 0 }, end.Cause, null);
    }

    private static Uri? Resolved(string path, IReadOnlyList<string> endpoints) =>
        endpoints.Count > 0 ? new Uri(new Uri(endpoints[0]), path) : null;

    private async Task<EcsReleaseException> SetBackAsync(ReleasePlan plan, StartedRollout rollout, string check, string cause, GateRecord gate, CancellationToken cancellationToken)
    {
        var back = new SetBack(plan.Access, log, time);
        var end = await log.StepAsync(ReleaseStep.Rollback, $"Setting {plan.Service} back: {cause}",
            () => back.RunAsync(plan.LiveService, rollout, log.Started, options.Timeout, cancellationToken));
        if (end.To is { } to)
            log.After(gate with { Rollback = new(to, end.Result?.Outcome.Word(), end.Result?.ServiceDeployment) });
        return end.Why is { } why
            ? Errors.AfterDeployNotRolledBack(check, plan.Service, cause, why)
            : Errors.AfterDeployRolledBack(check, plan.Service, cause, end.To!.Split('/')[^1]);
    }

    private async Task<string?> PreviousAsync(ReleasePlan plan, StartedRollout rollout, CancellationToken cancellationToken)
    {
        try
        {
            return await new SetBack(plan.Access, log, time).FindAsync(plan.LiveService, rollout, cancellationToken);
        }
        catch (AwsServiceException unread)
        {
            log.Detail($"The revision before could not be read: {unread.ErrorCode}: {unread.Message}");
            return null;
        }
    }
}

using System.Text.Json.Nodes;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.TaskRuns;

namespace EcsRelease.Verbs;

/// <summary>EcsBeforeDeploy: a command in the new revision, which must end with 0 before the service is updated.</summary>
internal sealed class BeforeGate(ReleaseOptions options, TargetDefaults defaults, ReleaseLog log, TimeProvider time)
{
    private string? passed;

    /// <summary>Runs the command unless there is none, the revision is live, or this run has passed it already.</summary>
    /// <exception cref="EcsReleaseException">ECSR5190, 5191, 5192.</exception>
    public async Task PassAsync(GatedRelease release, CancellationToken cancellationToken)
    {
        var (plan, _, revision, _) = release;
        if (options.BeforeDeploy is not { } command || passed == revision.Arn || await IsLiveAsync(release, cancellationToken))
            return;
        var task = GateTask.Of("EcsBeforeDeploy", command, release, Service(release));
        var start = time.GetTimestamp();
        var end = await log.StepAsync(ReleaseStep.Before, $"Running '{command}' in {revision.Arn.Split('/')[^1]}",
            () => new GateTask(plan.Access, log, time).RunAsync(task, options.Timeout, cancellationToken));
        log.Before(new() { Task = end.Task, ExitCode = end.ExitCode, Seconds = Math.Round(time.GetElapsedTime(start).TotalSeconds, 3) });
        passed = revision.Arn;
        if (end.Fault != CommandFault.None)
            throw Failure(end, command, plan.Service);
    }

    private EcsReleaseException Failure(CommandEnd end, string command, string service)
    {
        var error = end.Fault switch
        {
            CommandFault.NotStarted => Errors.BeforeDeployNotStarted(command, service, end.Cause),
            CommandFault.TimedOut => Errors.BeforeDeployTimedOut(command, service, options.Timeout, end.Cause),
            _ => Errors.BeforeDeployFailed(command, service, end.Cause),
        };
        return new(error.Code, error.Outcome, error.Message) { Evidence = end.Evidence };
    }

    // A tag may name another image than when the revision went live.
    private static async Task<bool> IsLiveAsync(GatedRelease release, CancellationToken cancellationToken) =>
        release.Plan.LiveService is { } live && live.TaskDefinition == release.Revision.Arn
        && (await RunningDigest.OfAsync(release.Plan.Access.Ecs, live, release.Desired.Container, cancellationToken) ?? release.Image.Digest) == release.Image.Digest;

    private JsonObject Service(GatedRelease release) =>
        release.Plan.LiveService?.Description
        ?? new ServiceCreation(release.Plan.Access.Ecs, release.Plan.Cluster, release.Plan.Service, time)
            .Request(options, release.Desired, release.Revision.Arn, defaults.Subnets);
}

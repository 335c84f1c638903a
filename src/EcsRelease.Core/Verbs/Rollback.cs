using EcsRelease.Aws;
using EcsRelease.Aws.Targets;

namespace EcsRelease.Verbs;

/// <summary>Brings an earlier release back: the one before, or one that is named by commit, revision or digest. Without a
/// name a deployment in progress is undone instead.</summary>
/// <param name="wanted">What names the release; null = the one before.</param>
public sealed class Rollback(ReleaseOptions options, string service, string? wanted, IReleaseTarget target, IReporter reporter, TimeProvider time)
{
    private readonly WarningList log = new(reporter);

    /// <summary>A deployment in progress is stopped by a rollback before the service is updated.</summary>
    public bool StopFirst { get; init; }

    /// <summary>Of the clone that knows branches, tags and subjects.</summary>
    public string Directory { get; init; } = Environment.CurrentDirectory;

    /// <summary>Asked before anything is changed; it throws what ends the rollback. Null = nobody is asked.</summary>
    public Func<RollbackPlan, CancellationToken, Task>? Confirm { get; init; }

    /// <summary>What would be done; changes nothing.</summary>
    /// <exception cref="EcsReleaseException">As for <see cref="RunAsync"/>.</exception>
    public Task<RollbackPlan> PlanAsync(CancellationToken cancellationToken) => Explained.RunAsync(Resource, async () =>
    {
        using var access = await ConnectAsync(cancellationToken);
        return (await LookAsync(access, cancellationToken)).Plan;
    });

    /// <returns>How it ended, also badly: `succeeded`, `unchanged`, `started` when it is not waited for, or as a release.</returns>
    /// <exception cref="EcsReleaseException">It is refused, and nothing was changed (ECSR4xxx, 5101 to 5110, 5171, 5210 to 5219),
    /// or AWS failed (4xxx, 5122).</exception>
    public Task<ReleaseRecord> RunAsync(CancellationToken cancellationToken) => Explained.RunAsync(Resource, async () =>
    {
        using var access = await ConnectAsync(cancellationToken);
        var found = await LookAsync(access, cancellationToken);
        foreach (var line in RollbackText.Lines(found.Plan, time.GetUtcNow()))
            log.Detail(line.ToString());
        if (found.Plan.Changes && Confirm is not null)
            await Confirm(found.Plan, cancellationToken);
        return found.To is null
            ? await new Stop(options, service, target, log, time).UndoAsync(access, found.Undone, cancellationToken)
            : await new RollbackUpdate(options, service, target, access, log, time).RunAsync(found, StopFirst, cancellationToken);
    });

    private string Resource => $"{options.Cluster}/{service}";

    private Task<AwsAccess> ConnectAsync(CancellationToken cancellationToken)
    {
        log.Step(ReleaseStep.Preflight, $"Looking for the release of {service} to go back to");
        return target.ConnectAsync(cancellationToken);
    }

    private Task<FoundRollback> LookAsync(AwsAccess access, CancellationToken cancellationToken) =>
        new RollbackLook(options, service, Directory, target, access, log, time).FindAsync(wanted, cancellationToken);
}

using EcsRelease.Aws;
using EcsRelease.Aws.Targets;

namespace EcsRelease.Verbs;

/// <summary>Follows the newest deployments of several services of one account, region and cluster at once, with reads
/// that they share.</summary>
public sealed class WaitMany(ReleaseOptions options, IReadOnlyList<string> services, IReleaseTarget target, IReporter reporter, TimeProvider time)
{
    /// <returns>How each deployment ended, in the order of the services; also those that could not be followed.</returns>
    /// <exception cref="EcsReleaseException">AWS cannot be reached at all (ECSR4xxx).</exception>
    public Task<IReadOnlyList<ReleaseRecord>> RunAsync(CancellationToken cancellationToken) => Explained.RunAsync(options.Cluster, async () =>
    {
        reporter.Step(ReleaseStep.Preflight, $"Looking for the deployments of {services.Count} services");
        using var access = await target.ConnectAsync(cancellationToken);
        var shared = access with { Ecs = access.Ecs.Through(ecs => new SharedReads(PacedCalls.ForLooks(ecs, time), time, cancellationToken)) };
        var board = new WaitBoard(services, reporter, options.Timeout);
        reporter.Step(ReleaseStep.Rollout, $"Following {services.Count} services of {options.Cluster}");
        return (IReadOnlyList<ReleaseRecord>)await Task.WhenAll(services.Select(service => FollowAsync(service, shared, board, cancellationToken)));
    });

    private async Task<ReleaseRecord> FollowAsync(string service, AwsAccess access, WaitBoard board, CancellationToken cancellationToken)
    {
        var startedAt = time.GetUtcNow();
        var line = board.LineOf(service);
        ReleaseRecord record;
        try
        {
            var wait = new Wait(options, service, target, line, time);
            record = await Explained.RunAsync($"{options.Cluster}/{service}", () => wait.FollowAsync(access, cancellationToken));
        }
        catch (EcsReleaseException error)
        {
            // The others go on: what one service cannot be followed for is its own end.
            record = new ReleaseRecord
            {
                Version = EngineVersion.Current,
                StartedAt = startedAt,
                Outcome = error.Outcome,
                Code = error.Code,
                Message = error.Message,
                Fault = error.Outcome == ReleaseOutcome.Unexpected ? error.InnerException : null,
                Target = target.Name,
                Account = access.Account,
                Region = access.Region,
                Cluster = options.Cluster,
                Service = service,
                Evidence = error.Evidence,
            };
        }
        line.End(record);
        return record;
    }
}

using EcsRelease.Aws.Targets;

namespace EcsRelease.Verbs;

/// <summary>Follows the newest deployment of a service to its end, whoever began it; ends as a release would. Nothing
/// of an earlier run is needed for it.</summary>
/// <param name="service">Name of the service.</param>
public sealed class Wait(ReleaseOptions options, string service, IReleaseTarget target, IReporter reporter, TimeProvider time)
{
    private readonly WarningList log = new(reporter);

    /// <returns>How the deployment ended, also badly.</returns>
    /// <exception cref="EcsReleaseException">There is nothing to follow, or AWS cannot be read (ECSR4xxx, 5113, 5133).</exception>
    public Task<ReleaseRecord> RunAsync(CancellationToken cancellationToken) => Explained.RunAsync($"{options.Cluster}/{service}", async () =>
    {
        log.Step(ReleaseStep.Preflight, $"Looking for the deployment of {service}");
        using var access = await target.ConnectAsync(cancellationToken);
        return await FollowAsync(access, cancellationToken);
    });

    internal async Task<ReleaseRecord> FollowAsync(AwsAccess access, CancellationToken cancellationToken)
    {
        var followed = new FollowedService(options, service, target, access, log, time);
        var rollout = await followed.FindAsync(cancellationToken);
        log.Step(ReleaseStep.Rollout, $"Following {rollout.TaskDefinition.Split('/')[^1]} in {service}");
        var result = await followed.WatchAsync(rollout, options.OnPause, cancellationToken);
        return await followed.RecordAsync(rollout, result, cancellationToken);
    }
}

using EcsRelease.Aws;
using EcsRelease.Aws.Targets;

namespace EcsRelease.Verbs;

/// <summary>The addresses of a service, for a record of something that has ended already.</summary>
internal static class Endpoints
{
    /// <returns>Empty, with a warning, when they cannot be read: how a rollout ended is worth more than its addresses.</returns>
    public static async Task<IReadOnlyList<string>> ReadAsync(IReleaseTarget target, string cluster, string service, IReporter reporter, CancellationToken cancellationToken)
    {
        try
        {
            return await Explained.RunAsync($"{cluster}/{service}", () => target.EndpointsAsync(cluster, service, cancellationToken));
        }
        catch (EcsReleaseException e)
        {
            reporter.Warn(Errors.EndpointsUnread(service, e.Message));
            return [];
        }
    }
}

using EcsRelease.Aws;
using EcsRelease.Deployments;

namespace EcsRelease.Verbs;

/// <summary>The service deployment of an update that is not watched to its end, for the record.</summary>
internal static class BegunDeployment
{
    /// <returns>Its ARN; null when ECS has not listed it yet, or it cannot be read.</returns>
    public static async Task<string?> FindAsync(AmazonEcsClient ecs, StartedRollout rollout, IReporter reporter, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return (await new RolloutPoll(ecs, rollout, time).ReadAsync(cancellationToken)).Deployment.Text("serviceDeploymentArn");
        }
        catch (AwsServiceException e)
        {
            reporter.Detail($"The service deployment could not be read: {e.Operation}: {e.ErrorCode}: {e.Message}");
            return null;
        }
    }
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>Sets how many tasks a service is to have, with one UpdateService that begins no deployment.</summary>
internal sealed class DesiredCount(AmazonEcsClient ecs, string cluster, string service)
{
    private const int MaxAttempts = 4;

    /// <summary>After a lost answer the service is read first, and the update is sent again only while the count is what it was.</summary>
    /// <param name="before">The count as just read.</param>
    /// <exception cref="EcsReleaseException">ECSR5284: somebody else set another one.</exception>
    /// <exception cref="AwsServiceException"/>
    public async Task SetAsync(int count, int before, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ecs.UpdateServiceAsync(new JsonObject { ["cluster"] = cluster, ["service"] = service, ["desiredCount"] = count }, cancellationToken);
                return;
            }
            catch (AwsServiceException lost) when (lost.IsAnswerLost && attempt < MaxAttempts)
            {
                var now = (await ecs.DescribeServiceAsync(cluster, service, cancellationToken)).Integer("desiredCount");
                if (now == count)
                    return;
                if (now != before)
                    throw Errors.ScaleChanged(service, count, now ?? 0);
            }
        }
    }
}

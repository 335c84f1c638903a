namespace EcsRelease.LocalAws.Http;

/// <summary>
/// Request quotas of an account and region as token buckets: a burst, and what flows back each second. Operations of a family share one
/// (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html; ECR: its service quotas).
/// </summary>
public sealed class ThrottleBudgets(LocalAwsSettings settings, TimeProvider time)
{
    private static readonly Dictionary<string, Family> s_families = new Family[]
    {
        new("ecs", 20, 1, ["CreateCluster", "DeleteCluster"]),
        new("ecs", 50, 20, ["DescribeClusters", "ListClusters"]),
        new("ecs", 20, 1, ["RegisterTaskDefinition", "DeregisterTaskDefinition"]),
        new("ecs", 5, 1, ["DeleteTaskDefinitions"]),
        new("ecs", 50, 20, ["DescribeTaskDefinition", "ListTaskDefinitions", "ListTaskDefinitionFamilies"]),
        new("ecs", 50, 5, ["CreateService", "UpdateService", "DeleteService"]),
        new("ecs", 100, 20, ["DescribeServices", "ListServices"]),
        new("ecs", 50, 20, ["ListServiceDeployments", "DescribeServiceDeployments", "StopServiceDeployment", "ContinueServiceDeployment"]),
        new("ecs", 50, 20, ["DescribeServiceRevisions"]),
        new("ecs", 100, 40, ["RunTask", "StopTask"]),
        new("ecs", 100, 20, ["DescribeTasks", "ListTasks"]),
        new("ecs", 20, 10, ["TagResource", "UntagResource"]),
        new("ecs", 50, 20, ["ListTagsForResource"]),
        new("ecr", 200, 20, ["GetAuthorizationToken"]),
        // ECR tells one rate and no burst; its other operations have no quota that is told.
        new("ecr", 10, 10, ["PutImage"]),
        new("ecr", 1000, 1000, ["BatchCheckLayerAvailability"]),
        new("ecr", 2000, 2000, ["BatchGetImage"]),
    }.SelectMany(family => family.Operations.Select(operation => ($"{family.Service}:{operation}", family))).ToDictionary(pair => pair.Item1, pair => pair.family);

    private readonly Lock _gate = new();
    private readonly Dictionary<Family, (double Tokens, long At)> _buckets = [];

    /// <param name="service">Signing name.</param>
    /// <exception cref="AwsException">The family's bucket is empty.</exception>
    public void Take(string service, string operation)
    {
        if (!settings.Throttle || !s_families.TryGetValue($"{service}:{operation}", out var family))
            return;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            var (tokens, at) = _buckets.GetValueOrDefault(family, (family.Burst, now));
            tokens = Math.Min(family.Burst, tokens + (time.GetElapsedTime(at, now).TotalSeconds * family.PerSecond));
            var refused = tokens < 1;
            _buckets[family] = (refused ? tokens : tokens - 1, now);
            if (refused)
                throw new AwsException("ThrottlingException", "Rate exceeded");
        }
    }

    private sealed record Family(string Service, int Burst, int PerSecond, string[] Operations);
}

namespace EcsRelease.Aws;

/// <summary>The request quotas of ECS for one account and region, a pace for each family of operations
/// (docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html): who keeps to them is not throttled,
/// unless others of the account ask, too.</summary>
internal sealed class RequestBudgets
{
    // What is neither of a family nor known to have a quota.
    private const string Other = "";

    private static readonly Dictionary<string, Family> _families = new Family[]
    {
        new("taskDefinitionWrites", 1, 20, ["RegisterTaskDefinition", "DeregisterTaskDefinition"]),
        new("taskDefinitionDeletes", 1, 5, ["DeleteTaskDefinitions"]),
        new("taskDefinitionReads", 20, 50, ["DescribeTaskDefinition", "ListTaskDefinitions", "ListTaskDefinitionFamilies"]),
        new("serviceWrites", 5, 50, ["CreateService", "UpdateService", "DeleteService"]),
        new("serviceReads", 20, 100, ["DescribeServices", "ListServices"]),
        new("serviceDeployments", 20, 50, ["ListServiceDeployments", "DescribeServiceDeployments", "StopServiceDeployment", "ContinueServiceDeployment"]),
        new("serviceRevisions", 20, 50, ["DescribeServiceRevisions"]),
        new("taskRuns", 40, 100, ["RunTask", "StopTask"]),
        new("taskReads", 20, 100, ["DescribeTasks", "ListTasks"]),
        new("clusterReads", 20, 50, ["DescribeClusters", "ListClusters"]),
    }.SelectMany(family => family.Operations.Select(operation => (operation, family))).ToDictionary(pair => pair.operation, pair => pair.family, StringComparer.Ordinal);

    private readonly Dictionary<string, CallPace> _paces;

    public RequestBudgets(TimeProvider time)
    {
        // One call short of the burst: AWS counts a call when it arrives, not when it is sent.
        _paces = _families.Values.Distinct().ToDictionary(family => family.Name, family => new CallPace(time, family.PerSecond, family.Burst - 1), StringComparer.Ordinal);
        _paces[Other] = new CallPace(time, 10, 10);
    }

    /// <param name="operation">Of ECS, e.g. `UpdateService`.</param>
    public CallPace Of(string operation) => _paces[_families.GetValueOrDefault(operation)?.Name ?? Other];

    private sealed record Family(string Name, double PerSecond, int Burst, string[] Operations);
}

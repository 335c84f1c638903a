namespace EcsRelease.Aws;

/// <summary>What AWS lets an account call in one region: so many at once, then so many a second. Operations of a family
/// share one.</summary>
internal sealed record CallBudget(string Family, int Burst, double PerSecond)
{
    // docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
    private static readonly CallBudget ModifyDefinitions = new("task definition changes", 20, 1);
    private static readonly CallBudget DeleteDefinitions = new("task definition deletions", 5, 1);
    private static readonly CallBudget ReadDefinitions = new("task definition reads", 50, 20);
    private static readonly CallBudget ModifyServices = new("service changes", 50, 5);
    private static readonly CallBudget ReadServices = new("service reads", 100, 20);
    private static readonly CallBudget ReadDeployments = new("service deployment reads", 50, 20);
    private static readonly CallBudget ReadServiceRevisions = new("service revision reads", 50, 20);
    private static readonly CallBudget RunTasks = new("task runs", 100, 40);
    private static readonly CallBudget ReadTasks = new("task reads", 100, 20);
    private static readonly CallBudget ReadClusters = new("cluster reads", 50, 20);

    // ECR, EventBridge and Scheduler document more for some of these and nothing for others.
    private static readonly CallBudget Other = new("other reads", 20, 20);
    private static readonly CallBudget DeleteImages = new("image deletions", 5, 5);

    public static CallBudget Of(string operation) => operation switch
    {
        "RegisterTaskDefinition" or "DeregisterTaskDefinition" => ModifyDefinitions,
        "DeleteTaskDefinitions" => DeleteDefinitions,
        "DescribeTaskDefinition" or "ListTaskDefinitions" or "ListTaskDefinitionFamilies" => ReadDefinitions,
        "CreateService" or "UpdateService" or "DeleteService" => ModifyServices,
        "DescribeServices" or "ListServices" => ReadServices,
        "ListServiceDeployments" or "DescribeServiceDeployments" or "StopServiceDeployment" or "ContinueServiceDeployment" => ReadDeployments,
        "DescribeServiceRevisions" => ReadServiceRevisions,
        "RunTask" or "StopTask" => RunTasks,
        "ListTasks" or "DescribeTasks" => ReadTasks,
        "ListClusters" or "DescribeClusters" => ReadClusters,
        "BatchDeleteImage" => DeleteImages,
        _ => Other,
    };

    /// <summary>How long so many calls take at least, when nobody else calls.</summary>
    public TimeSpan TimeFor(int calls) => TimeSpan.FromSeconds(Math.Max(0, calls - Burst) / PerSecond);
}

namespace EcsRelease.Aws;

/// <summary>How one AWS service is addressed (names of its API model).</summary>
/// <param name="Prefix">IAM prefix, e.g. `ecs`.</param>
/// <param name="ServiceId">e.g. `CloudWatch Logs`; names the setting AWS_ENDPOINT_URL_CLOUDWATCH_LOGS.</param>
/// <param name="TargetPrefix">JSON 1.1 protocol: prefix of the X-Amz-Target header, without the dot.</param>
/// <param name="Host">First part of its host name, e.g. `api.ecr`.</param>
/// <param name="DualstackHost">The same for dualstack endpoints.</param>
public sealed record AwsService(string Prefix, string ServiceId, string TargetPrefix, string Host, string DualstackHost)
{
    private AwsService(string prefix, string serviceId, string host)
        : this(prefix, serviceId, "", host, host)
    {
    }

    /// <summary>The API's version where the service speaks the query protocol; null = another one.</summary>
    public string? QueryVersion { get; private init; }

    /// <summary>Where its operations lie when the service speaks REST JSON; null = another protocol.</summary>
    internal IReadOnlyDictionary<string, RestRoute>? Routes { get; init; }

    /// <summary>The service's name in the signature.</summary>
    public string SigningName { get; private init; } = Prefix;

    public static AwsService Ecs { get; } = new("ecs", "ECS", "AmazonEC2ContainerServiceV20141113", "ecs", "ecs");

    public static AwsService Ecr { get; } = new("ecr", "ECR", "AmazonEC2ContainerRegistry_V20150921", "api.ecr", "ecr");

    public static AwsService CloudWatchLogs { get; } = new("logs", "CloudWatch Logs", "Logs_20140328", "logs", "logs");

    public static AwsService Ssm { get; } = new("ssm", "SSM", "AmazonSSM", "ssm", "ssm");

    public static AwsService SecretsManager { get; } = new("secretsmanager", "Secrets Manager", "secretsmanager", "secretsmanager", "secretsmanager");

    /// <summary>One for all regions of a partition: <see cref="IamEndpoint"/>.</summary>
    public static AwsService Iam { get; } = new("iam", "IAM", "iam") { QueryVersion = "2010-05-08" };

    public static AwsService ElasticLoadBalancingV2 { get; } = new("elasticloadbalancing", "Elastic Load Balancing v2", "elasticloadbalancing") { QueryVersion = "2015-12-01" };

    /// <summary>Alarms; its newer protocols (CBOR, JSON 1.0) are not needed for them.</summary>
    public static AwsService CloudWatch { get; } = new("cloudwatch", "CloudWatch", "monitoring") { QueryVersion = "2010-08-01", SigningName = "monitoring" };

    public static AwsService EventBridge { get; } = new("events", "EventBridge", "AWSEvents", "events", "events");

    public static AwsService Scheduler { get; } = new("scheduler", "Scheduler", "scheduler")
    {
        Routes = new Dictionary<string, RestRoute>
        {
            ["GetSchedule"] = new("GET", "/schedules/{Name}") { Query = new Dictionary<string, string> { ["GroupName"] = "groupName" } },
            ["ListSchedules"] = new("GET", "/schedules") { Query = new Dictionary<string, string> { ["GroupName"] = "ScheduleGroup" } },
            ["ListScheduleGroups"] = new("GET", "/schedule-groups"),
        },
    };
}

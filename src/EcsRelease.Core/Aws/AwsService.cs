namespace EcsRelease.Aws;

/// <summary>How one AWS service of the JSON 1.1 protocol is addressed (names of its API model).</summary>
/// <param name="Prefix">IAM prefix, e.g. `ecs`; also the name in the signature.</param>
/// <param name="ServiceId">e.g. `CloudWatch Logs`; names the setting AWS_ENDPOINT_URL_CLOUDWATCH_LOGS.</param>
/// <param name="TargetPrefix">Prefix of the X-Amz-Target header, without the dot.</param>
/// <param name="Host">First part of its host name, e.g. `api.ecr`.</param>
/// <param name="DualstackHost">The same for dualstack endpoints.</param>
public sealed record AwsService(string Prefix, string ServiceId, string TargetPrefix, string Host, string DualstackHost)
{
    public static AwsService Ecs { get; } = new("ecs", "ECS", "AmazonEC2ContainerServiceV20141113", "ecs", "ecs");

    public static AwsService Ecr { get; } = new("ecr", "ECR", "AmazonEC2ContainerRegistry_V20150921", "api.ecr", "ecr");

    public static AwsService CloudWatchLogs { get; } = new("logs", "CloudWatch Logs", "Logs_20140328", "logs", "logs");
}

using EcsRelease.Aws;
using EcsRelease.Aws.Targets;

namespace EcsRelease.Tests.Aws;

/// <summary>All clients of a target over one service that answers what a test says.</summary>
internal static class ScriptedAccess
{
    public static AwsAccess Over(IJsonService service, string account = "123456789012", string region = "eu-west-1") => new()
    {
        Account = account,
        Region = region,
        CallerArn = $"arn:aws:iam::{account}:user/jane",
        Ecs = new AmazonEcsClient(service),
        Ecr = new AmazonEcrClient(service),
        Logs = new AmazonCloudWatchLogsClient(service),
        Iam = new AmazonIamClient(service),
        Elb = new AmazonElasticLoadBalancingV2Client(service),
        Alarms = new AmazonCloudWatchClient(service),
        Ssm = new AmazonSsmClient(service),
        Secrets = new AmazonSecretsManagerClient(service),
        Events = new AmazonEventBridgeClient(service),
        Scheduler = new AmazonSchedulerClient(service),
    };
}

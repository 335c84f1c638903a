using System.Reflection;
using EcsRelease.Aws;
using EcsRelease.Permissions;

namespace EcsRelease.Tests.Permissions;

public sealed class PermissionTableTests
{
    private static readonly (Type Client, AwsService Service)[] s_clients =
    [
        (typeof(AmazonEcsClient), AwsService.Ecs),
        (typeof(AmazonEcrClient), AwsService.Ecr),
        (typeof(AmazonCloudWatchLogsClient), AwsService.CloudWatchLogs),
        (typeof(AmazonIamClient), AwsService.Iam),
        (typeof(AmazonElasticLoadBalancingV2Client), AwsService.ElasticLoadBalancingV2),
        (typeof(AmazonCloudWatchClient), AwsService.CloudWatch),
        (typeof(AmazonSsmClient), AwsService.Ssm),
        (typeof(AmazonSecretsManagerClient), AwsService.SecretsManager),
        (typeof(AmazonEventBridgeClient), AwsService.EventBridge),
        (typeof(AmazonSchedulerClient), AwsService.Scheduler),
    ];

    // What IAM asks beside the operations of our clients: STS and the registry protocol have none, and some operations
    // need two actions.
    private static readonly string[] s_beside =
    [
        "sts:GetCallerIdentity", "sts:AssumeRole", "iam:PassRole", "iam:CreateServiceLinkedRole", "ecs:TagResource",
        "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage",
    ];

    private static IEnumerable<string> Operations => s_clients.SelectMany(each =>
        each.Client.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Select(method => $"{each.Service.Prefix}:{method.Name[..^"Async".Length]}"));

    [Test]
    public void Every_client_is_looked_at() =>
        typeof(AmazonEcsClient).Assembly.GetTypes().Where(type => type.Namespace == "EcsRelease.Aws" && type.Name.StartsWith("Amazon", StringComparison.Ordinal) && type.Name.EndsWith("Client", StringComparison.Ordinal))
            .Should().BeEquivalentTo(s_clients.Select(each => each.Client));

    [Test]
    public void Every_operation_of_our_clients_is_in_the_table_and_nothing_else() =>
        PermissionTable.Rows.SelectMany(row => row.Actions).Distinct().Should().BeEquivalentTo(Operations.Union(s_beside));

    [Test]
    public void Every_row_has_a_feature_and_a_sid_of_its_own()
    {
        PermissionTable.Rows.Should().OnlyContain(row => row.For != ReleaseFeatures.None && row.Actions.Count > 0 && row.On.Count > 0);
        // IAM takes letters and digits.
        PermissionTable.Rows.Select(row => row.Sid).Should().OnlyHaveUniqueItems().And.OnlyContain(sid => sid.All(char.IsAsciiLetterOrDigit));
    }

    [TestCase("Describe")]
    [TestCase("List")]
    [TestCase("Get")]
    public void What_only_reads_is_not_marked_as_a_change(string verb) =>
        PermissionTable.Rows.Where(row => row.Actions.All(action => action.Split(':')[1].StartsWith(verb, StringComparison.Ordinal))).Should().OnlyContain(row => !row.IsWrite);

    [TestCase("ecs:UpdateService")]
    [TestCase("ecs:RegisterTaskDefinition")]
    [TestCase("ecr:PutImage")]
    [TestCase("iam:PassRole")]
    [TestCase("ecs:RunTask")]
    [TestCase("ecs:DeleteTaskDefinitions")]
    [TestCase("ecr:BatchDeleteImage")]
    public void What_changes_something_is_marked_so_that_it_is_never_tried(string action) =>
        PermissionTable.Rows.Single(row => row.Actions.Contains(action)).IsWrite.Should().BeTrue();
}

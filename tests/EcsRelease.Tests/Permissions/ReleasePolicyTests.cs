using System.Text.Json.Nodes;
using EcsRelease.Aws.Targets;
using EcsRelease.Permissions;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Tests.Permissions;

public sealed class ReleasePolicyTests
{
    private static readonly TargetDefaults _aws = new() { CreateRepository = false, CreateService = false, CreateLogGroup = false, MayUseLocalBase = false, Architecture = "X86_64" };

    [TestCase("eu-west-1", "aws")]
    [TestCase("cn-north-1", "aws-cn")]
    [TestCase("us-gov-west-1", "aws-us-gov")]
    public void Arns_have_the_partition_of_the_region(string region, string partition) =>
        Resources(Policy(new(), region)).Where(resource => resource != "*").Should().NotBeEmpty().And.OnlyContain(resource => resource.StartsWith($"arn:{partition}:"));

    [Test]
    public void A_push_alone_needs_the_registry_and_nothing_of_ECS() =>
        Actions(Policy(new() { StopAfter = StopAfterStep.Push })).Should().BeEquivalentTo(
            "sts:GetCallerIdentity", "ecr:GetAuthorizationToken", "ecr:DescribeRepositories", "ecr:BatchGetImage", "ecr:BatchCheckLayerAvailability",
            "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage",
            "iam:GetRole", "iam:SimulatePrincipalPolicy");

    [Test]
    public void A_registration_alone_may_not_touch_the_service() =>
        Actions(Policy(new() { StopAfter = StopAfterStep.Register })).Should().Contain("ecs:RegisterTaskDefinition").And.NotContain(["ecs:UpdateService", "ecs:CreateService", "ecs:StopServiceDeployment"]);

    [TestCase("ecr:CreateRepository")]
    [TestCase("ecs:CreateService")]
    [TestCase("iam:CreateServiceLinkedRole")]
    [TestCase("logs:CreateLogGroup")]
    [TestCase("ecs:RunTask")]
    [TestCase("sts:AssumeRole")]
    [TestCase("ecr:BatchDeleteImage")]
    [TestCase("ecs:DeleteTaskDefinitions")]
    [TestCase("scheduler:GetSchedule")]
    public void What_no_option_asks_for_is_not_granted(string action) =>
        Actions(Policy(new())).Should().NotContain(action);

    [Test]
    public void Options_grant_what_they_need()
    {
        var options = new ReleaseOptions { CreateRepository = true, CreateService = true, RoleArn = "arn:aws:iam::123456789012:role/release" };

        Actions(Policy(options)).Should().Contain(["ecr:CreateRepository", "ecs:CreateService", "sts:AssumeRole"]);
        Matcher(options).Allows("sts:AssumeRole", "arn:aws:iam::123456789012:role/release").Should().BeTrue();
        Matcher(options).Allows("sts:AssumeRole", "arn:aws:iam::123456789012:role/other").Should().BeFalse();
    }

    [TestCase("dotnet Migrate.dll", null, true)]
    [TestCase(null, "dotnet Smoke.dll", true)]
    [TestCase(null, "https://orders.example/health", false)]
    [TestCase(null, "/health", false)]
    public void Only_a_gate_that_is_a_command_runs_tasks(string? before, string? after, bool runs)
    {
        var matcher = Matcher(new() { BeforeDeploy = before, AfterDeploy = after });

        matcher.Allows("ecs:RunTask", "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7", InCluster("default")).Should().Be(runs);
        matcher.Allows("ecs:RunTask", "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7", InCluster("other")).Should().BeFalse();
    }

    [Test]
    public void Tags_are_granted_for_a_registration_only_and_not_at_all_when_they_are_off()
    {
        const string family = "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7";

        Matcher(new()).Allows("ecs:TagResource", family, new Dictionary<string, string> { ["ecs:CreateAction"] = "RegisterTaskDefinition" }).Should().BeTrue();
        Matcher(new()).Allows("ecs:TagResource", family).Should().BeFalse();
        Actions(Policy(new() { Tags = TagPolicy.Off })).Should().NotContain("ecs:TagResource");
    }

    [Test]
    public void Roles_may_be_passed_to_tasks_and_to_nobody_else()
    {
        var matcher = new PolicyMatcher(Policy(new(), definition: """{"family":"orders","executionRoleArn":"exec","taskRoleArn":"arn:aws:iam::123456789012:role/app/orders","containerDefinitions":[]}"""));
        var toTasks = new Dictionary<string, string> { ["iam:PassedToService"] = "ecs-tasks.amazonaws.com" };

        matcher.Allows("iam:PassRole", "arn:aws:iam::123456789012:role/exec", toTasks).Should().BeTrue();
        matcher.Allows("iam:PassRole", "arn:aws:iam::123456789012:role/app/orders", toTasks).Should().BeTrue();
        matcher.Allows("iam:PassRole", "arn:aws:iam::123456789012:role/admin", toTasks).Should().BeFalse();
        matcher.Allows("iam:PassRole", "arn:aws:iam::123456789012:role/exec", new Dictionary<string, string> { ["iam:PassedToService"] = "lambda.amazonaws.com" }).Should().BeFalse();
    }

    [Test]
    public void A_repository_elsewhere_keeps_its_account_and_region()
    {
        var matcher = Matcher(new() { Repository = "444455556666.dkr.ecr.us-east-1.amazonaws.com/shop/orders" });

        matcher.Allows("ecr:PutImage", "arn:aws:ecr:us-east-1:444455556666:repository/shop/orders").Should().BeTrue();
        matcher.Allows("ecr:PutImage", "arn:aws:ecr:eu-west-1:123456789012:repository/shop/orders").Should().BeFalse();
    }

    [Test]
    public void Secrets_and_parameters_are_described_as_the_definition_names_them()
    {
        var matcher = new PolicyMatcher(Policy(new(), definition: """
            {"family":"orders","containerDefinitions":[{"name":"app","secrets":[
              {"name":"A","valueFrom":"arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf:password::"},
              {"name":"B","valueFrom":"arn:aws:secretsmanager:eu-west-1:123456789012:secret:mail"},
              {"name":"C","valueFrom":"/orders/key"},
              {"name":"D","valueFrom":"arn:aws:ssm:eu-central-1:123456789012:parameter/shared"}]}]}
            """));

        matcher.Allows("secretsmanager:DescribeSecret", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf").Should().BeTrue();
        matcher.Allows("secretsmanager:DescribeSecret", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:mail-123456").Should().BeTrue();
        matcher.Allows("secretsmanager:DescribeSecret", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:mailbox-123456").Should().BeFalse();
        matcher.Allows("ssm:GetParameters", "arn:aws:ssm:eu-west-1:123456789012:parameter/orders/key").Should().BeTrue();
        matcher.Allows("ssm:GetParameters", "arn:aws:ssm:eu-central-1:123456789012:parameter/shared").Should().BeTrue();
    }

    [Test]
    public void A_full_policy_fits_into_a_roles_inline_policies()
    {
        var options = new ReleaseOptions { CreateRepository = true, CreateService = true, RoleArn = "arn:aws:iam::123456789012:role/release" };

        // 10,240 characters, white space not counted (docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
        Policy(options).ToJsonString().Length.Should().BeLessThan(6_000);
    }

    [Test]
    public void The_document_is_what_put_role_policy_takes() =>
        PolicyDocuments.Indented(Policy(new() { StopAfter = StopAfterStep.Push, Repository = "shop" })).Should().Be("""
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Sid": "Caller",
                  "Effect": "Allow",
                  "Action": [
                    "sts:GetCallerIdentity"
                  ],
                  "Resource": [
                    "*"
                  ]
                },
                {
                  "Sid": "RegistryToken",
                  "Effect": "Allow",
                  "Action": [
                    "ecr:GetAuthorizationToken"
                  ],
                  "Resource": [
                    "*"
                  ]
                },
                {
                  "Sid": "ReadRepository",
                  "Effect": "Allow",
                  "Action": [
                    "ecr:DescribeRepositories",
                    "ecr:BatchGetImage",
                    "ecr:BatchCheckLayerAvailability",
                    "ecr:GetDownloadUrlForLayer"
                  ],
                  "Resource": [
                    "arn:aws:ecr:eu-west-1:123456789012:repository/shop"
                  ]
                },
                {
                  "Sid": "PushImage",
                  "Effect": "Allow",
                  "Action": [
                    "ecr:InitiateLayerUpload",
                    "ecr:UploadLayerPart",
                    "ecr:CompleteLayerUpload",
                    "ecr:PutImage"
                  ],
                  "Resource": [
                    "arn:aws:ecr:eu-west-1:123456789012:repository/shop"
                  ]
                },
                {
                  "Sid": "VerifyPermissions",
                  "Effect": "Allow",
                  "Action": [
                    "iam:GetRole",
                    "iam:SimulatePrincipalPolicy"
                  ],
                  "Resource": [
                    "arn:aws:iam::123456789012:role/*"
                  ]
                }
              ]
            }
            """.ReplaceLineEndings("\n"));

    [TestCase("arn:aws:sts::123456789012:assumed-role/release/session", "arn:aws:iam::123456789012:role/release")]
    [TestCase("arn:aws-cn:sts::123456789012:assumed-role/release/i-0abc", "arn:aws-cn:iam::123456789012:role/release")]
    [TestCase("arn:aws:iam::123456789012:user/team/jane", "arn:aws:iam::123456789012:user/team/jane")]
    [TestCase("arn:aws:iam::123456789012:root", null)]
    [TestCase("arn:aws:sts::123456789012:federated-user/jane", null)]
    public void Policies_belong_to_the_role_or_user_behind_a_session(string caller, string? principal) =>
        Principal.ArnOf(caller).Should().Be(principal);

    [Test]
    public void The_role_of_a_session_may_have_a_path_that_the_session_does_not_say()
    {
        var scope = PolicyScope.Of(new(), "orders", "orders", "123456789012", "eu-west-1", ReleaseFeatures.Verify, null) with { Principal = "arn:aws:iam::123456789012:role/release" };

        var matcher = new PolicyMatcher(ReleasePolicy.Document(scope));

        matcher.Allows("iam:SimulatePrincipalPolicy", "arn:aws:iam::123456789012:role/release").Should().BeTrue();
        matcher.Allows("iam:SimulatePrincipalPolicy", "arn:aws:iam::123456789012:role/team/release").Should().BeTrue();
        matcher.Allows("iam:SimulatePrincipalPolicy", "arn:aws:iam::123456789012:role/admin").Should().BeFalse();
    }

    [TestCase("arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf", SecretStore.SecretsManager, "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf", null, null, null)]
    [TestCase("arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf:password::", SecretStore.SecretsManager, "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf", "password", null, null)]
    [TestCase("arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:a/b:k:AWSPREVIOUS:1234", SecretStore.SecretsManager, "arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:a/b", "k", "AWSPREVIOUS", "1234")]
    [TestCase("arn:aws:ssm:eu-west-1:123456789012:parameter/orders/key", SecretStore.ParameterStore, "arn:aws:ssm:eu-west-1:123456789012:parameter/orders/key", null, null, null)]
    [TestCase("/orders/key", SecretStore.ParameterStore, "/orders/key", null, null, null)]
    [TestCase("arn:aws:s3:::bucket", SecretStore.Unknown, "arn:aws:s3:::bucket", null, null, null)]
    public void The_forms_of_valueFrom(string valueFrom, SecretStore store, string id, string? key, string? stage, string? version)
    {
        var reference = SecretReference.Parse(valueFrom);

        (reference.Store, reference.Id, reference.JsonKey, reference.VersionStage, reference.VersionId).Should().Be((store, id, key, stage, version));
    }

    private static Dictionary<string, string> InCluster(string cluster) => new() { ["ecs:cluster"] = $"arn:aws:ecs:eu-west-1:123456789012:cluster/{cluster}" };

    private static PolicyMatcher Matcher(ReleaseOptions options) => new(Policy(options));

    private static JsonObject Policy(ReleaseOptions options, string region = "eu-west-1", string? definition = null) => ReleasePolicy.Document(PolicyScope.Of(
        options, "orders", options.Repository ?? "orders", "123456789012", region, FeatureChoice.Of(options, _aws),
        definition is null ? null : (JsonObject)JsonNode.Parse(definition)!));

    private static IEnumerable<string> Actions(JsonObject policy) => Members(policy, "Action");

    private static IEnumerable<string> Resources(JsonObject policy) => Members(policy, "Resource");

    private static IEnumerable<string> Members(JsonObject policy, string name) =>
        policy["Statement"]!.AsArray().SelectMany(statement => statement![name]!.AsArray().Select(each => (string)each!)).Distinct();
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Tests.Aws;
using EcsRelease.Verification;

namespace EcsRelease.Tests.Verification;

public sealed class CallerPermissionsCheckTests
{
    private const string Role = "arn:aws:iam::123456789012:role/team/release";

    [Test]
    public async Task Everything_that_a_release_needs_is_simulated_on_its_resources_and_conditions()
    {
        var aws = new Aws();

        var findings = await RunAsync(aws);

        findings.Should().NotBeEmpty().And.OnlyContain(finding => finding.State == CheckState.Ok);
        var pass = aws.Simulations.Single(request => request["ActionNames"]!.AsArray().Any(action => (string?)action == "iam:PassRole"));
        (pass["PolicySourceArn"] as JsonValue)!.GetValue<string>().Should().Be(Role, "the ARN of a session lacks the role's path");
        pass["ResourceArns"]!.ToJsonString().Should().Be("""["arn:aws:iam::123456789012:role/exec"]""");
        pass["ContextEntries"]!.ToJsonString().Should().Be("""[{"ContextKeyName":"iam:PassedToService","ContextKeyValues":["ecs-tasks.amazonaws.com"],"ContextKeyType":"string"}]""");
        aws.Reads.Should().BeEmpty("what is simulated is not tried");
    }

    [Test]
    public async Task What_is_denied_fails_with_the_command_that_grants_it()
    {
        var findings = await RunAsync(new Aws { Denied = "ecs:UpdateService" });

        findings.Where(finding => finding.State != CheckState.Ok).Should().ContainSingle().Subject.ShouldHaveFailed(
            "ecs:UpdateService on arn:aws:ecs:eu-west-1:123456789012:service/default/orders is denied (implicitDeny)",
            "aws iam put-role-policy --role-name release --policy-name ecs-release-orders --policy-document \"$(ecs-release permissions)\"");
    }

    [Test]
    public async Task A_user_gets_a_managed_policy_for_it_is_too_long_for_an_inline_one()
    {
        var findings = await RunAsync(new Aws { Denied = "ecr:PutImage" }, "arn:aws:iam::123456789012:user/jane");

        findings.Single(finding => finding.State == CheckState.Failed).Next.Should().Be(
            "aws iam attach-user-policy --user-name jane --policy-arn \"$(aws iam create-policy --policy-name ecs-release-orders --policy-document \"$(ecs-release permissions)\" --query Policy.Arn --output text)\"");
    }

    [Test]
    public async Task One_simulation_that_is_refused_hides_none_of_the_others()
    {
        var findings = await RunAsync(new Aws { Throttled = "ecs:DescribeClusters", Denied = "ecs:UpdateService" });

        findings.Single(finding => finding.State == CheckState.CouldNotCheck).ShouldNotBeChecked("ecs:DescribeClusters: iam:SimulatePrincipalPolicy Throttling Rate exceeded");
        findings.Should().ContainSingle(finding => finding.State == CheckState.Failed).Which.Message.Should().StartWith("ecs:UpdateService ");
        findings.Should().Contain(finding => finding.State == CheckState.Ok);
    }

    [Test]
    public async Task Verify_itself_is_no_part_of_a_release() =>
        (await RunAsync(new Aws())).Should().OnlyContain(finding => !finding.Message.Contains("ssm:") && !finding.Message.Contains("DescribeTargetGroups"));

    [TestCase(CheckBed.Denied, "AccessDeniedException")]
    [TestCase(CheckBed.NotOffered, "does not offer it")]
    public async Task Without_a_simulation_reads_are_tried_and_changes_never(string refusal, string why)
    {
        var aws = new Aws { Refusal = (JsonObject)JsonNode.Parse(refusal)!["error"]! };

        var findings = await RunAsync(aws);

        findings[0].ShouldNotBeChecked(why);
        findings.Should().Contain(finding => finding.State == CheckState.Ok && finding.Message.Contains("ecs:DescribeServices"));
        findings.Should().Contain(finding => finding.State == CheckState.CouldNotCheck && finding.Message.StartsWith("ecs:UpdateService: only a simulation could tell"));
        aws.Reads.Should().NotBeEmpty().And.OnlyContain(operation =>
            operation.StartsWith("Describe", StringComparison.Ordinal) || operation.StartsWith("List", StringComparison.Ordinal) || operation.StartsWith("Get", StringComparison.Ordinal) || operation.StartsWith("Batch", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_read_that_is_denied_fails()
    {
        var findings = await RunAsync(new Aws { Refusal = Error("AccessDenied"), Denied = "ListTasks" });

        findings.Single(finding => finding.State == CheckState.Failed).ShouldHaveFailed("ecs:ListTasks is denied", "ecs-release permissions");
    }

    [TestCase("arn:aws:iam::123456789012:root")]
    [TestCase("arn:aws:sts::123456789012:federated-user/jane")]
    public async Task A_caller_without_policies_of_its_own_is_not_simulated(string caller)
    {
        var aws = new Aws();

        (await RunAsync(aws, caller))[0].ShouldNotBeChecked("neither a role nor a user");
        aws.Simulations.Should().BeEmpty();
    }

    [Test]
    public async Task ECR_with_other_credentials_is_not_judged_by_the_callers()
    {
        var findings = await RunAsync(new Aws { Denied = "ecr:PutImage" }, options: new() { EcrRoleArn = "arn:aws:iam::444455556666:role/push" });

        findings.Should().Contain(finding => finding.State == CheckState.CouldNotCheck && finding.Message.Contains("ecr:PutImage") && finding.Message.Contains("EcrRoleArn"));
        findings.Should().NotContain(finding => finding.State == CheckState.Failed);
    }

    [Test]
    public async Task A_decision_that_hangs_on_the_real_call_is_not_taken() =>
        (await RunAsync(new Aws { Denied = "ecs:UpdateService", Missing = "aws:SourceVpc" })).Single(finding => finding.State == CheckState.CouldNotCheck)
            .ShouldNotBeChecked("the policies ask for aws:SourceVpc");

    private static Task<IReadOnlyList<Finding>> RunAsync(Aws aws, string caller = "arn:aws:sts::123456789012:assumed-role/release/ci", ReleaseOptions? options = null)
    {
        var release = CheckBed.Release("""{"executionRoleArn":"exec","containerDefinitions":[{"name":"app","logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/orders"}}}]}""", options: options);
        return CheckBed.RunAsync(new CallerPermissionsCheck(), release with { Access = ScriptedAccess.Over(aws) with { CallerArn = caller } });
    }

    private static JsonObject Error(string code) => new() { ["code"] = code, ["message"] = "not authorized" };

    /// <summary>Allows everything but one action, and answers reads emptily.</summary>
    private sealed class Aws : IJsonService
    {
        public string? Denied { get; init; }

        public string? Missing { get; init; }

        public string? Throttled { get; init; }

        public JsonObject? Refusal { get; init; }

        public List<JsonObject> Simulations { get; } = [];

        public List<string> Reads { get; } = [];

        public Task<JsonObject> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken)
        {
            lock (Reads)
                return Task.FromResult(Answer(operation, request));
        }

        private JsonObject Answer(string operation, JsonObject request)
        {
            if (operation == "GetRole")
                return new() { ["Role"] = new JsonObject { ["Arn"] = Role } };
            if (operation != "SimulatePrincipalPolicy")
            {
                Reads.Add(operation);
                return operation == Denied ? throw new AwsServiceException($"ecs:{operation}", "AccessDeniedException", "not authorized") : [];
            }
            if (Refusal is not null)
                throw new AwsServiceException("iam:SimulatePrincipalPolicy", (string)Refusal["code"]!, (string)Refusal["message"]!);
            if (Throttled is not null && request["ActionNames"]!.AsArray().Any(action => (string?)action == Throttled))
                throw new AwsServiceException("iam:SimulatePrincipalPolicy", "Throttling", "Rate exceeded");
            Simulations.Add(request);
            return new()
            {
                ["IsTruncated"] = "false",
                ["EvaluationResults"] = new JsonArray([.. request["ActionNames"]!.AsArray().Select(action => new JsonObject
                {
                    ["EvalActionName"] = (string?)action,
                    ["EvalResourceName"] = (string?)request["ResourceArns"]?[0] ?? "*",
                    ["EvalDecision"] = (string?)action == Denied ? "implicitDeny" : "allowed",
                    ["MissingContextValues"] = Missing is null ? new JsonArray() : new JsonArray(Missing),
                })]),
            };
        }
    }
}

using System.Text.Json.Nodes;
using EcsRelease.Tests.Deployments;
using EcsRelease.Verification;

namespace EcsRelease.Tests.Verification;

public sealed class RoleChecksTests
{
    private const string Definition = """
        {"executionRoleArn":"exec","requiresCompatibilities":["FARGATE"],"containerDefinitions":[
          {"name":"app","secrets":[{"name":"A","valueFrom":"arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf"}],
           "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/orders","awslogs-create-group":"true"}}}]}
        """;

    [TestCase("""{"Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}""")]
    [TestCase("""{"Statement":{"Effect":"Allow","Principal":{"Service":["ec2.amazonaws.com","ecs-tasks.amazonaws.com"]},"Action":["sts:AssumeRole","sts:TagSession"]}}""")]
    [TestCase("""{"Statement":[{"Effect":"Allow","Principal":"*","Action":"sts:*"}]}""")]
    [TestCase("""{"Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"STS:Assume*"}]}""")]
    [TestCase("""{"Statement":[{"Effect":"Deny","NotPrincipal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"*"},{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}""")]
    public async Task A_role_that_trusts_tasks(string trust) =>
        (await TrustAsync(Role(trust))).ShouldBeOk("role 'exec': trusts ecs-tasks.amazonaws.com");

    [TestCase("""{"StringEquals":{"aws:SourceAccount":"123456789012"}}""")]
    [TestCase("""{"ArnLike":{"aws:SourceArn":["arn:aws:ecs:eu-west-1:123456789012:*"]},"StringEquals":{"aws:SourceAccount":["999999999999","123456789012"]}}""")]
    [TestCase("""{"ArnLike":{"aws:sourcearn":"arn:aws:ecs:*:123456789012:*"}}""")]
    public async Task A_condition_of_the_confused_deputy_that_holds_is_noted(string condition) =>
        (await TrustAsync(Role(Trusting(condition)))).ShouldBeOk("ource");

    [TestCase("""{"StringEquals":{"aws:SourceAccount":"999999999999"}}""")]
    [TestCase("""{"ArnLike":{"aws:SourceArn":"arn:aws:ecs:us-east-1:123456789012:*"}}""")]
    [TestCase("""{"StringEquals":{"aws:SourceAccount":"*"}}""")]
    public async Task One_that_is_made_for_another_account_or_region_fails(string condition) =>
        (await TrustAsync(Role(Trusting(condition)))).ShouldHaveFailed("not for account 123456789012 in eu-west-1", "aws iam update-assume-role-policy --role-name exec");

    [TestCase("""{"StringEquals":{"aws:PrincipalOrgID":"o-1"}}""", "aws:PrincipalOrgID")]
    [TestCase("""{"StringNotEquals":{"aws:SourceAccount":"999999999999"}}""", "StringNotEquals")]
    [TestCase("""{"ArnLike":{"aws:SourceArn":"arn:aws:ecs:eu-west-1:123456789012:service/default/other"}}""", "service/default/other")]
    public async Task Another_condition_is_not_guessed_at(string condition, string shown) =>
        (await TrustAsync(Role(Trusting(condition)))).ShouldNotBeChecked(shown);

    [Test]
    public async Task One_statement_that_holds_is_enough() =>
        (await TrustAsync(Role("""
            {"Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":"999999999999"}}},
                          {"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}
            """))).ShouldBeOk("trusts");

    [TestCase("""{"Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}""")]
    [TestCase("""{"Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:TagSession"}]}""")]
    [TestCase("""{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"sts:AssumeRole"}]}""")]
    public async Task A_role_that_does_not_trust_tasks(string trust) =>
        (await TrustAsync(Role(trust))).ShouldHaveFailed("no statement lets ecs-tasks.amazonaws.com assume it", "aws iam update-assume-role-policy --role-name exec");

    [TestCase("""{"Effect":"Deny","Principal":"*","Action":"*","Condition":{}}""")]
    [TestCase("""{"Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"*"}""")]
    [TestCase("""{"Effect":"Deny","Principal":"*","NotAction":"sts:TagSession"}""")]
    public async Task A_denying_statement_is_not_weighed_here(string denying) =>
        (await TrustAsync(Role($$"""{"Statement":[{{denying}},{"Effect":"Allow","Principal":"*","Action":"*"}]}"""))).ShouldNotBeChecked("denies");

    [Test]
    public async Task The_command_that_adds_trust_keeps_what_the_role_trusts_already() =>
        (await TrustAsync(Role("""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}}"""))).Next.Should().Be(
            """aws iam update-assume-role-policy --role-name exec --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"},{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"}}}]}'""");

    [TestCase("")]
    [TestCase("[]")]
    [TestCase("%7Bbroken")]
    public async Task A_trust_policy_that_is_none(string document) =>
        (await TrustAsync($$$"""{"GetRole":[{"Role":{"Arn":"arn:aws:iam::123456789012:role/exec","AssumeRolePolicyDocument":"{{{document}}}"}}]}""")).ShouldNotBeChecked("not readable");

    [Test]
    public async Task A_role_that_does_not_exist() =>
        (await TrustAsync("""{"GetRole":[{"error":{"code":"NoSuchEntity","message":"The role with name exec cannot be found."}}]}""")).ShouldHaveFailed("role 'exec' does not exist", "aws iam create-role --role-name exec --assume-role-policy-document '{");

    [Test]
    public async Task A_role_named_without_its_path() =>
        (await CheckBed.OneAsync(new RoleTrustCheck(), CheckBed.Release("""{"taskRoleArn":"arn:aws:iam::123456789012:role/app","containerDefinitions":[]}""", answers:
            """{"GetRole":[{"Role":{"Arn":"arn:aws:iam::123456789012:role/team/app"}}]}"""))).ShouldHaveFailed("there is 'arn:aws:iam::123456789012:role/team/app'", "arn:aws:iam::123456789012:role/team/app");

    [Test]
    public async Task A_role_of_another_account_is_not_asked_for() =>
        (await CheckBed.OneAsync(new RoleTrustCheck(), CheckBed.Release("""{"taskRoleArn":"arn:aws:iam::999999999999:role/app","containerDefinitions":[]}"""))).ShouldNotBeChecked("account 999999999999");

    [TestCase(CheckBed.Denied, "AccessDeniedException not authorized")]
    [TestCase(CheckBed.NotOffered, "this endpoint does not offer it")]
    public async Task A_read_that_is_refused_is_said(string answer, string part) =>
        (await TrustAsync($$"""{"GetRole":[{{answer}}]}""")).ShouldNotBeChecked(part);

    [Test]
    public async Task No_role_is_no_line_less() =>
        (await CheckBed.OneAsync(new RoleTrustCheck(), CheckBed.Release("""{"containerDefinitions":[]}"""))).ShouldBeOk("names no role");

    [Test]
    public async Task The_execution_role_is_simulated_for_all_that_ECS_does_with_it()
    {
        var service = new ScriptedService((JsonObject)JsonNode.Parse("""{"SimulatePrincipalPolicy":[{"EvaluationResults":[{"EvalActionName":"x","EvalDecision":"allowed"}]}]}""")!);

        var findings = await CheckBed.RunAsync(new RolePermissionsCheck(), CheckBed.Release(Definition, null, service));

        findings.Should().HaveCount(5).And.OnlyContain(finding => finding.State == CheckState.Ok);
        service.Calls.Should().OnlyContain(call => (string?)call.Request["PolicySourceArn"] == "arn:aws:iam::123456789012:role/exec");
        service.Calls.SelectMany(call => call.Request["ActionNames"]!.AsArray().Select(action => (string?)action)).Should().Contain(
            ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "logs:PutLogEvents", "logs:CreateLogGroup", "secretsmanager:GetSecretValue"]);
    }

    [Test]
    public async Task What_the_execution_role_lacks_comes_with_the_policy_to_paste()
    {
        var findings = await CheckBed.RunAsync(new RolePermissionsCheck(), CheckBed.Release(Definition, answers:
            """{"SimulatePrincipalPolicy":[{"EvaluationResults":[{"EvalActionName":"secretsmanager:GetSecretValue","EvalResourceName":"arn:s","EvalDecision":"implicitDeny"}]}]}"""));

        findings[^1].ShouldHaveFailed("may not secretsmanager:GetSecretValue on arn:s (implicitDeny) (secrets)",
            """aws iam put-role-policy --role-name exec --policy-name orders-secrets --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["secretsmanager:GetSecretValue"],"Resource":["arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf"]}]}'""");
    }

    [Test]
    public async Task A_secret_named_without_its_suffix_is_not_told_to_be_denied()
    {
        var definition = Definition.Replace("db-AbCdEf", "database", StringComparison.Ordinal);

        var findings = await CheckBed.RunAsync(new RolePermissionsCheck(), CheckBed.Release(definition, answers:
            """{"SimulatePrincipalPolicy":[{"EvaluationResults":[{"EvalActionName":"secretsmanager:GetSecretValue","EvalResourceName":"arn:aws:secretsmanager:eu-west-1:123456789012:secret:database-??????","EvalDecision":"implicitDeny"}]}]}"""));

        findings[^1].ShouldNotBeChecked("one of the whole ARN may");
    }

    [Test]
    public async Task A_simulation_that_is_throttled_hides_none_of_the_others()
    {
        var findings = await CheckBed.RunAsync(new RolePermissionsCheck(), CheckBed.Release(Definition, answers:
            """{"SimulatePrincipalPolicy":[{"error":{"code":"Throttling","message":"Rate exceeded"}},{"EvaluationResults":[{"EvalActionName":"a","EvalDecision":"allowed"}]}]}"""));

        findings.Should().HaveCount(5);
        findings.Should().ContainSingle(finding => finding.State == CheckState.CouldNotCheck).Which.Message.Should().Contain("Rate exceeded");
    }

    [Test]
    public async Task The_log_group_that_is_created_is_named_as_CloudWatch_Logs_compares_it()
    {
        var service = new ScriptedService((JsonObject)JsonNode.Parse("""{"SimulatePrincipalPolicy":[{"EvaluationResults":[{"EvalActionName":"x","EvalDecision":"allowed"}]}]}""")!);

        await CheckBed.RunAsync(new RolePermissionsCheck(), CheckBed.Release(Definition, null, service));

        service.Calls.Single(call => (string?)call.Request["ActionNames"]![0] == "logs:CreateLogGroup").Request["ResourceArns"]!.ToJsonString()
            .Should().Be("""["arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/orders:*"]""");
    }

    [Test]
    public async Task A_simulation_that_is_denied_is_one_line() =>
        (await CheckBed.OneAsync(new RolePermissionsCheck(), CheckBed.Release(Definition, answers: $$"""{"SimulatePrincipalPolicy":[{{CheckBed.Denied}}]}"""))).ShouldNotBeChecked("not authorized");

    [Test]
    public async Task A_decision_that_hangs_on_the_real_call_is_not_taken() =>
        (await CheckBed.RunAsync(new RolePermissionsCheck(), CheckBed.Release(Definition, answers:
            """{"SimulatePrincipalPolicy":[{"EvaluationResults":[{"EvalActionName":"a","EvalDecision":"implicitDeny","MissingContextValues":["aws:SourceVpc"]}]}]}""")))[0].ShouldNotBeChecked("aws:SourceVpc");

    private static string Trusting(string condition) =>
        $$"""{"Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{{condition}}}]}""";

    // IAM answers the document URL-encoded.
    private static string Role(string trust) => new JsonObject
    {
        ["GetRole"] = new JsonArray(new JsonObject { ["Role"] = new JsonObject { ["Arn"] = "arn:aws:iam::123456789012:role/exec", ["AssumeRolePolicyDocument"] = Uri.EscapeDataString(trust) } }),
    }.ToJsonString();

    private static Task<Finding> TrustAsync(string answers) =>
        CheckBed.OneAsync(new RoleTrustCheck(), CheckBed.Release("""{"executionRoleArn":"exec","containerDefinitions":[]}""", answers: answers));
}

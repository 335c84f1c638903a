using System.Text.Json.Nodes;
using EcsRelease.Tests.Deployments;
using EcsRelease.Verification;

namespace EcsRelease.Tests.Verification;

public sealed class SecretChecksTests
{
    private const string Db = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf";
    private const string There = """{"DescribeSecret":[{"ARN":"a","VersionIdsToStages":{"v2":["AWSCURRENT"],"v1":["AWSPREVIOUS"]}}]}""";

    [TestCase(Db, "exists")]
    [TestCase(Db + ":password::", "the key 'password' is not read")]
    [TestCase(Db + "::AWSPREVIOUS:", "exists")]
    [TestCase(Db + ":::v1", "exists")]
    public async Task A_secret_that_exists(string valueFrom, string part) => (await SecretAsync(valueFrom, There)).ShouldBeOk(part);

    [Test]
    public async Task It_is_asked_for_without_key_and_version()
    {
        var service = new ScriptedService((JsonObject)JsonNode.Parse(There)!);

        await CheckBed.OneAsync(new SecretsManagerCheck(), CheckBed.Release(Definition(Db + ":password:AWSCURRENT:"), null, service));

        service.Calls.Should().ContainSingle().Which.Request.ToJsonString().Should().Be($$"""{"SecretId":"{{Db}}"}""");
    }

    [Test]
    public async Task A_secret_that_does_not_exist() => (await SecretAsync(Db, """{"DescribeSecret":[{"error":{"code":"ResourceNotFoundException","message":"Secrets Manager can't find the specified secret."}}]}"""))
        .ShouldHaveFailed($"'DB': secret '{Db}' does not exist", "aws secretsmanager create-secret --name db --secret-string file://VALUE --region eu-west-1");

    [Test]
    public async Task A_secret_that_is_going_to_be_deleted() =>
        (await SecretAsync(Db, """{"DescribeSecret":[{"DeletedDate":1767225600,"VersionIdsToStages":{"v":["AWSCURRENT"]}}]}""")).ShouldHaveFailed("marked for deletion", "aws secretsmanager restore-secret --secret-id");

    [TestCase(Db + "::AWSPENDING:", "no version AWSPENDING")]
    [TestCase(Db + ":::v9", "no version v9")]
    [TestCase(Db + "::AWSCURRENT:v1", "no version v1")]
    public async Task A_version_that_does_not_exist(string valueFrom, string part) =>
        (await SecretAsync(valueFrom, There)).ShouldHaveFailed(part, "aws secretsmanager list-secret-version-ids");

    [Test]
    public async Task A_secret_without_a_value_yet() =>
        (await SecretAsync(Db, """{"DescribeSecret":[{"ARN":"a"}]}""")).ShouldHaveFailed("no version AWSCURRENT", "list-secret-version-ids");

    [TestCase(CheckBed.Denied, "AccessDeniedException")]
    [TestCase(CheckBed.NotOffered, "does not offer it")]
    public async Task A_read_that_is_refused(string answer, string part) => (await SecretAsync(Db, $$"""{"DescribeSecret":[{{answer}}]}""")).ShouldNotBeChecked(part);

    [Test]
    public async Task A_secret_of_another_region_is_not_asked_for() =>
        (await SecretAsync("arn:aws:secretsmanager:us-east-1:123456789012:secret:db", "{}")).ShouldNotBeChecked("in region us-east-1, this release in eu-west-1");

    [Test]
    public async Task An_arn_of_something_else() => (await SecretAsync("arn:aws:s3:::bucket", "{}")).ShouldHaveFailed("neither a secret's nor a parameter's ARN", "aws secretsmanager list-secrets");

    [Test]
    public async Task Credentials_of_a_registry_may_be_named_without_arn_and_are_no_parameter()
    {
        const string Definition = """{"containerDefinitions":[{"name":"app","repositoryCredentials":{"credentialsParameter":"dockerhub"}}]}""";
        var release = CheckBed.Release(Definition, answers: There);

        (await CheckBed.OneAsync(new SecretsManagerCheck(), release)).ShouldBeOk("secret 'dockerhub' exists");
        (await CheckBed.OneAsync(new ParametersCheck(), release)).ShouldBeOk("no parameter");
        release.Scope.Secrets.Should().Equal("arn:aws:secretsmanager:eu-west-1:123456789012:secret:dockerhub");
    }

    [Test]
    public async Task Parameters_are_asked_for_together_and_the_missing_ones_fail()
    {
        var service = new ScriptedService((JsonObject)JsonNode.Parse("""{"GetParameters":[{"Parameters":[{"Name":"/a","Value":"hidden"}],"InvalidParameters":["/b"]}]}""")!);

        var findings = await CheckBed.RunAsync(new ParametersCheck(), CheckBed.Release(Definition("/a", "/b"), null, service));

        findings[0].ShouldBeOk("'DB': parameter '/a' exists");
        findings[1].ShouldHaveFailed("parameter '/b' does not exist", "aws ssm put-parameter --type SecureString --name /b --value file://VALUE --region eu-west-1");
        service.Calls.Should().ContainSingle().Which.Request.ToJsonString().Should().Be("""{"Names":["/a","/b"],"WithDecryption":false}""");
        findings.Should().OnlyContain(finding => !finding.Message.Contains("hidden"));
    }

    [Test]
    public async Task A_parameter_named_by_its_ARN() =>
        (await ParameterAsync("arn:aws:ssm:eu-west-1:123456789012:parameter/orders/key", """{"GetParameters":[{"InvalidParameters":["arn:aws:ssm:eu-west-1:123456789012:parameter/orders/key"]}]}"""))
            .ShouldHaveFailed("does not exist", "--name /orders/key");

    [Test]
    public async Task More_than_ten_parameters_are_asked_for_in_turns()
    {
        var service = new ScriptedService((JsonObject)JsonNode.Parse("""{"GetParameters":[{"Parameters":[]}]}""")!);

        (await CheckBed.RunAsync(new ParametersCheck(), CheckBed.Release(Definition([.. Enumerable.Range(0, 21).Select(number => $"/p{number}")]), null, service))).Should().HaveCount(21);

        service.Calls.Select(call => call.Request["Names"]!.AsArray().Count).Should().BeEquivalentTo([10, 10, 1]);
    }

    [TestCase(CheckBed.Denied, "AccessDeniedException")]
    [TestCase(CheckBed.NotOffered, "does not offer it")]
    public async Task Parameters_that_may_not_be_read(string answer, string part) => (await ParameterAsync("/a", $$"""{"GetParameters":[{{answer}}]}""")).ShouldNotBeChecked(part);

    [Test]
    public async Task A_parameter_of_another_region_is_not_asked_for() =>
        (await ParameterAsync("arn:aws:ssm:us-east-1:123456789012:parameter/key", "{}")).ShouldNotBeChecked("in region us-east-1");

    [Test]
    public async Task Secrets_of_log_drivers_and_registries_count_too()
    {
        var release = CheckBed.Release($$$"""
            {"containerDefinitions":[{"name":"app","repositoryCredentials":{"credentialsParameter":"{{{Db}}}"},
              "logConfiguration":{"logDriver":"splunk","secretOptions":[{"name":"splunk-token","valueFrom":"{{{Db}}}"}]}}]}
            """, answers: There);

        (await CheckBed.RunAsync(new SecretsManagerCheck(), release)).Should().HaveCount(2).And.OnlyContain(finding => finding.State == CheckState.Ok);
        (await CheckBed.OneAsync(new ParametersCheck(), release)).ShouldBeOk("no parameter");
    }

    [Test]
    public async Task A_log_group_that_exists() =>
        (await LogAsync("""{"awslogs-group":"/ecs/orders"}""", """{"DescribeLogGroups":[{"logGroups":[{"logGroupName":"/ecs/orders"},{"logGroupName":"/ecs/orders-2"}]}]}""")).ShouldBeOk("'/ecs/orders' exists");

    [Test]
    public async Task One_that_only_begins_like_it_does_not_count() =>
        (await LogAsync("""{"awslogs-group":"/ecs/orders"}""", """{"DescribeLogGroups":[{"logGroups":[{"logGroupName":"/ecs/orders-2"}]}]}"""))
            .ShouldHaveFailed("'/ecs/orders' does not exist", "aws logs create-log-group --log-group-name /ecs/orders --region eu-west-1");

    [Test]
    public async Task One_that_the_task_makes() =>
        (await LogAsync("""{"awslogs-group":"/ecs/orders","awslogs-create-group":"true"}""", """{"DescribeLogGroups":[{"logGroups":[]}]}""")).ShouldBeOk("the first task creates it");

    [Test]
    public async Task One_of_another_region() =>
        (await LogAsync("""{"awslogs-group":"/ecs/orders","awslogs-region":"us-east-1"}""", "{}")).ShouldNotBeChecked("in region us-east-1");

    [TestCase(CheckBed.Denied, "AccessDeniedException")]
    [TestCase(CheckBed.NotOffered, "does not offer it")]
    public async Task Log_groups_that_may_not_be_read(string answer, string part) =>
        (await LogAsync("""{"awslogs-group":"/ecs/orders"}""", $$"""{"DescribeLogGroups":[{{answer}}]}""")).ShouldNotBeChecked(part);

    [Test]
    public async Task An_awslogs_without_a_group() => (await LogAsync("{}", "{}")).ShouldHaveFailed("no awslogs-group", "EcsLogGroup");

    private static Task<Finding> SecretAsync(string valueFrom, string answers) => CheckBed.OneAsync(new SecretsManagerCheck(), CheckBed.Release(Definition(valueFrom), answers: answers));

    private static Task<Finding> ParameterAsync(string valueFrom, string answers) => CheckBed.OneAsync(new ParametersCheck(), CheckBed.Release(Definition(valueFrom), answers: answers));

    private static Task<Finding> LogAsync(string options, string answers) => CheckBed.OneAsync(new LogGroupsCheck(),
        CheckBed.Release($$$"""{"containerDefinitions":[{"name":"app","logConfiguration":{"logDriver":"awslogs","options":{{{options}}}}}]}""", answers: answers));

    private static string Definition(params string[] valuesFrom) =>
        $$"""{"containerDefinitions":[{"name":"app","secrets":[{{string.Join(',', valuesFrom.Select(value => $$"""{"name":"DB","valueFrom":"{{value}}"}"""))}}]}]}""";
}

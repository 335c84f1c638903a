using EcsRelease.Tests.Tool;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Permissions;

public sealed class LeastPrivilegeTests
{
    private const string Live = """
        {"DescribeServices":[{"services":[{"serviceName":"orders","status":"ACTIVE","taskDefinition":"shop:7","deployments":[{"status":"PRIMARY","taskDefinition":"shop:7"}]}]}],
         "DescribeTaskDefinition":[{"taskDefinition":{"family":"shop","executionRoleArn":"arn:aws:iam::123456789012:role/exec","containerDefinitions":[
           {"name":"app","essential":true,"image":"host/orders:1","logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/shop","awslogs-region":"eu-west-1"}}}]}}]}
        """;

    [Test]
    public async Task With_account_and_region_AWS_is_not_asked()
    {
        var target = new ScriptedTarget("{}");

        var policy = await ReadAsync(new() { Account = "123456789012", Region = "eu-west-1", ExecutionRole = "exec" }, target);

        target.Operations.Should().BeEmpty();
        policy.Warnings.Should().BeEmpty();
        new PolicyMatcher(policy.Document).Allows("ecs:UpdateService", "arn:aws:ecs:eu-west-1:123456789012:service/default/orders").Should().BeTrue();
    }

    [Test]
    public async Task The_region_may_come_from_the_environment()
    {
        var target = new ScriptedTarget("{}");

        var policy = await ReadAsync(new() { Account = "123456789012" }, target, name => name == "AWS_REGION" ? "eu-central-1" : null);

        target.Operations.Should().BeEmpty();
        new PolicyMatcher(policy.Document).Allows("ecs:UpdateService", "arn:aws:ecs:eu-central-1:123456789012:service/default/orders").Should().BeTrue();
    }

    [Test]
    public async Task Without_an_account_family_roles_and_log_groups_are_those_of_the_live_revision()
    {
        var target = new ScriptedTarget(Live);

        var policy = await ReadAsync(new(), target);

        var matcher = new PolicyMatcher(policy.Document);
        matcher.Allows("ecs:RegisterTaskDefinition", "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop:8").Should().BeTrue();
        matcher.Allows("iam:PassRole", "arn:aws:iam::123456789012:role/exec", new Dictionary<string, string> { ["iam:PassedToService"] = "ecs-tasks.amazonaws.com" }).Should().BeTrue();
        matcher.Allows("logs:GetLogEvents", "arn:aws:logs:eu-west-1:123456789012:log-group:/shop:log-stream:app/app/1").Should().BeTrue();
        matcher.Allows("iam:SimulatePrincipalPolicy", "arn:aws:iam::123456789012:user/jane").Should().BeTrue("verify asks for the caller's own permissions");
        target.Operations.Should().OnlyContain(operation => operation.StartsWith("Describe", StringComparison.Ordinal));
        target.OpenAccesses.Should().Be(0);
    }

    [Test]
    public async Task Roles_that_nobody_named_are_warned_of()
    {
        var policy = await ReadAsync(new() { Account = "123456789012", Region = "eu-west-1" }, new ScriptedTarget("{}"));

        policy.Warnings.Should().ContainSingle().Which.Code.Should().Be("ECSR5180");
    }

    [Test]
    public async Task A_repository_of_another_account_and_a_role_to_assume_are_warned_of()
    {
        var options = new ReleaseOptions
        {
            Account = "123456789012", Region = "eu-west-1", ExecutionRole = "exec", RoleArn = "arn:aws:iam::123456789012:role/release",
            Repository = "444455556666.dkr.ecr.eu-west-1.amazonaws.com/orders",
        };

        (await ReadAsync(options, new ScriptedTarget("{}"))).Warnings.Select(warning => warning.Code).Should().Equal("ECSR5181", "ECSR5182");
    }

    [Test]
    public async Task Parameters_that_the_definition_file_takes_values_from_may_be_read()
    {
        var folder = Directory.CreateTempSubdirectory();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "ecs-task-definition.json"), """
            {"family":"shop","executionRoleArn":"exec","containerDefinitions":[{"name":"app","environment":[{"name":"A","value":"${ssm:/shop/level:3}"},{"name":"B","value":"${commit}"}]}]}
            """);
        var project = new ProjectInfo { ProjectFile = Path.Combine(folder.FullName, "Orders.csproj"), AssemblyName = "Orders" };

        var policy = await new LeastPrivilege(new() { Account = "123456789012", Region = "eu-west-1" }, project, new ScriptedTarget("{}"), _ => null).ReadAsync(CancellationToken.None);

        folder.Delete(recursive: true);
        new PolicyMatcher(policy.Document).Allows("ssm:GetParameters", "arn:aws:ssm:eu-west-1:123456789012:parameter/shop/level").Should().BeTrue();
    }

    [Test]
    public async Task Tags_of_the_definition_file_need_their_permission_also_where_this_package_sets_none()
    {
        var folder = Directory.CreateTempSubdirectory();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "ecs-task-definition.json"), """
            {"family":"shop","executionRoleArn":"exec","containerDefinitions":[{"name":"app"}],"tags":[{"key":"team","value":"shop"}]}
            """);
        var project = new ProjectInfo { ProjectFile = Path.Combine(folder.FullName, "Orders.csproj"), AssemblyName = "Orders" };

        var policy = await new LeastPrivilege(new() { Account = "123456789012", Region = "eu-west-1", Tags = TagPolicy.Off }, project, new ScriptedTarget("{}"), _ => null).ReadAsync(CancellationToken.None);

        folder.Delete(recursive: true);
        new PolicyMatcher(policy.Document).Allows("ecs:TagResource", "arn:aws:ecs:eu-west-1:123456789012:task-definition/shop:1", new Dictionary<string, string> { ["ecs:CreateAction"] = "RegisterTaskDefinition" }).Should().BeTrue();
    }

    [Test]
    public async Task For_prune_it_reads_the_whole_account_and_takes_away_from_one_repository_and_releases_nothing()
    {
        var policy = new PolicyMatcher((await ReadAsync(new() { Account = "123456789012", Region = "eu-west-1" }, new ScriptedTarget("{}"), purpose: PolicyPurpose.Prune)).Document);

        policy.Allows("ecs:DescribeServices", "arn:aws:ecs:eu-west-1:123456789012:service/other/payments").Should().BeTrue();
        policy.Allows("ecs:DeleteTaskDefinitions", "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:1").Should().BeTrue();
        policy.Allows("scheduler:GetSchedule", "arn:aws:scheduler:eu-west-1:123456789012:schedule/default/nightly").Should().BeTrue();
        policy.Allows("ecr:BatchDeleteImage", "arn:aws:ecr:eu-west-1:123456789012:repository/orders").Should().BeTrue();
        policy.Allows("ecr:BatchDeleteImage", "arn:aws:ecr:eu-west-1:123456789012:repository/payments").Should().BeFalse();
        policy.Allows("ecs:UpdateService", "arn:aws:ecs:eu-west-1:123456789012:service/default/orders").Should().BeFalse();
    }

    [Test]
    public async Task For_all_it_releases_and_prunes()
    {
        var policy = new PolicyMatcher((await ReadAsync(new() { Account = "123456789012", Region = "eu-west-1" }, new ScriptedTarget("{}"), purpose: PolicyPurpose.All)).Document);

        policy.Allows("ecs:UpdateService", "arn:aws:ecs:eu-west-1:123456789012:service/default/orders").Should().BeTrue();
        policy.Allows("ecr:BatchDeleteImage", "arn:aws:ecr:eu-west-1:123456789012:repository/orders").Should().BeTrue();
    }

    [Test]
    public async Task An_account_that_is_none_is_refused() =>
        (await FluentActions.Awaiting(() => ReadAsync(new() { Account = "prod", Region = "eu-west-1" }, new ScriptedTarget("{}"))).Should().ThrowAsync<EcsReleaseException>())
            .Which.Should().Match<EcsReleaseException>(error => error.Code == "ECSR1002" && error.Message.Contains("'prod'"));

    private static Task<NeededPolicy> ReadAsync(ReleaseOptions options, ScriptedTarget target, Func<string, string?>? environment = null, PolicyPurpose purpose = PolicyPurpose.Release) => new LeastPrivilege(
        options, new ProjectInfo { ProjectFile = Path.Combine(Path.GetTempPath(), "no-such-folder", "Orders.csproj"), AssemblyName = "Orders" }, target, environment ?? (_ => null), purpose).ReadAsync(CancellationToken.None);
}

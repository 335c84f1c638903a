using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Tests.Verbs;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Permissions;

/// <summary>The printed policy allows every call that releases really make.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class PolicyCoversReleaseTests
{
    private const string Account = "000000000000";

    private EngineBed bed = null!;

    [SetUp]
    public async Task SetUp() => bed = await EngineBed.StartAsync();

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task Of_a_first_release_an_update_the_same_again_and_a_failed_one()
    {
        var options = new ReleaseOptions { MovingTags = ["latest"] };
        await ReleasedAsync(options);
        bed.Commit("second");
        await ReleasedAsync(options);
        await ReleasedAsync(options);
        await bed.FaultAsync("UpdateService", "loseAnswer");
        bed.Commit("third");
        await ReleasedAsync(options);

        await AllCallsAreAllowedAsync(options, ["ecr:CreateRepository", "ecs:CreateService", "ecs:UpdateService", "ecs:RegisterTaskDefinition", "logs:CreateLogGroup"]);
    }

    [TestCase(StopAfterStep.Push)]
    [TestCase(StopAfterStep.Register)]
    [TestCase(StopAfterStep.Update)]
    public async Task Of_a_release_that_is_handed_on(StopAfterStep step)
    {
        var options = new ReleaseOptions { StopAfter = step };
        (await bed.ReleaseAsync(options)).Outcome.Should().Be(ReleaseOutcome.HandedOn);

        await AllCallsAreAllowedAsync(options, ["ecr:DescribeRepositories"]);
    }

    [Test]
    public async Task Of_a_release_with_a_gate()
    {
        var options = new ReleaseOptions { BeforeDeploy = "sh -c 'echo migrating; exit 0'" };
        await ReleasedAsync(options);

        await AllCallsAreAllowedAsync(options, ["ecs:RunTask", "ecs:DescribeTasks"]);
    }

    [Test]
    public async Task Of_verify()
    {
        await ReleasedAsync(new());
        await new Verify(new(), Project, bed.Recorded(), bed.Reporter, TimeProvider.System).RunAsync(strict: false, CancellationToken.None);

        await AllCallsAreAllowedAsync(new(), ["ecs:DescribeServices", "cloudwatch:DescribeAlarms", "iam:GetRole"]);
    }

    private ProjectInfo Project => new() { ProjectFile = Path.Combine(bed.Repository.Root, "Orders.csproj"), AssemblyName = "Orders" };

    private async Task ReleasedAsync(ReleaseOptions options)
    {
        var record = await bed.ReleaseAsync(options);
        record.Outcome.Should().BeOneOf([ReleaseOutcome.Succeeded, ReleaseOutcome.Unchanged], record.Message);
    }

    private async Task AllCallsAreAllowedAsync(ReleaseOptions options, string[] made)
    {
        var calls = bed.Calls.ToList();
        var policy = new PolicyMatcher((await new LeastPrivilege(options, Project, bed.Recorded()).ReadAsync(CancellationToken.None)).Document);

        calls.Select(call => call.Operation).Should().Contain(made, "the test is about nothing else");
        var denied = calls.Where(call => !Needs(call.Operation, call.Request).All(need => policy.Allows(need.Action, need.Resource, need.Context)))
            .Select(call => $"{call.Operation} {call.Request.ToJsonString()}").Distinct();
        denied.Should().BeEmpty();
    }

    /// <summary>What IAM asks for one call (Service Authorization Reference).</summary>
    private static IEnumerable<(string Action, string Resource, Dictionary<string, string> Context)> Needs(string operation, JsonObject request)
    {
        var context = new Dictionary<string, string> { ["ecs:cluster"] = Ecs("cluster/default") };
        string[] resources = operation switch
        {
            "ecs:DescribeClusters" => [Ecs("cluster/default")],
            "ecs:DescribeServices" => [.. request.Texts("services").Select(name => Ecs($"service/default/{name}"))],
            "ecs:UpdateService" or "ecs:ListServiceDeployments" => [Ecs($"service/default/{request.Text("service")}")],
            "ecs:CreateService" => [Ecs($"service/default/{request.Text("serviceName")}")],
            "ecs:RegisterTaskDefinition" => [Ecs($"task-definition/{request.Text("family")}:9")],
            "ecs:DescribeServiceDeployments" => [Ecs("service/default/orders"), .. request.Texts("serviceDeploymentArns")],
            "ecs:DescribeServiceRevisions" => [Ecs("service/default/orders"), .. request.Texts("serviceRevisionArns")],
            "ecs:ListTasks" => [Ecs("container-instance/default/1")],
            "ecs:DescribeTasks" => [.. request.Texts("tasks").Select(task => task.StartsWith("arn:", StringComparison.Ordinal) ? task : Ecs($"task/default/{task}"))],
            "ecs:RunTask" => [Ecs("task-definition/orders:1")],
            "ecs:StopTask" => [Ecs("task/default/1")],
            "logs:CreateLogGroup" => [Logs($"log-group:{request.Text("logGroupName")}:log-stream:")],
            "logs:GetLogEvents" => [Logs($"log-group:{request.Text("logGroupName")}:log-stream:{request.Text("logStreamName")}")],
            "logs:DescribeLogGroups" => [Logs("log-group::log-stream:")],
            "iam:GetRole" => [$"arn:aws:iam::{Account}:role/{request.Text("RoleName")}"],
            "iam:SimulatePrincipalPolicy" => [request.Text("PolicySourceArn")!],
            "ecr:GetAuthorizationToken" => ["*"],
            _ when operation.StartsWith("ecr:", StringComparison.Ordinal) => [$"arn:aws:ecr:us-east-1:{Account}:repository/orders"],
            _ => ["*"],
        };
        foreach (var resource in resources)
            yield return (operation, resource, context);
        if (operation == "ecs:RegisterTaskDefinition" && request.Objects("tags").Any())
            yield return ("ecs:TagResource", resources[0], new() { ["ecs:CreateAction"] = "RegisterTaskDefinition" });
        if (operation == "ecs:RunTask")
            yield return ("ecs:TagResource", Ecs("task/default/1"), new() { ["ecs:CreateAction"] = "RunTask" });
        if (request.Text("executionRoleArn") is { } role)
            yield return ("iam:PassRole", role, new() { ["iam:PassedToService"] = "ecs-tasks.amazonaws.com" });
    }

    private static string Ecs(string resource) => $"arn:aws:ecs:us-east-1:{Account}:{resource}";

    private static string Logs(string resource) => $"arn:aws:logs:us-east-1:{Account}:{resource}";
}

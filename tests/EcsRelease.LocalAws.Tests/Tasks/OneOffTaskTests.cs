using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Tests.Support;

namespace EcsRelease.LocalAws.Tests.Tasks;

/// <summary>Tasks of RunTask from their start to their end, in the runtime `none` where echo, sleep and exit stand for a program.</summary>
[TestFixture]
public sealed class OneOffTaskTests
{
    private const string Network = """{"awsvpcConfiguration":{"subnets":["subnet-1"]}}""";

    private LocalAwsFixture _aws = null!;

    [OneTimeSetUp]
    public async Task Start() => _aws = await LocalAwsFixture.StartAsync();

    [OneTimeTearDown]
    public async Task Stop() => await _aws.DisposeAsync();

    [Test]
    public async Task An_override_decides_the_exit_code_and_the_log()
    {
        var definition = await RegisterAsync("""
            "environment":[{"name":"STEP","value":"none"}],
            "logConfiguration":{"logDriver":"awslogs","options":{"awslogs-region":"us-east-1","awslogs-group":"/ecs/one-off","awslogs-stream-prefix":"p","awslogs-create-group":"true"}}
            """);
        var task = await RunToEndAsync(definition, """
            {"containerOverrides":[{"name":"app","command":["sh","-c","echo migrating $STEP; exit 3"],"environment":[{"name":"STEP","value":"two"}]}]}
            """);

        (task["stopCode"]!.ToString(), task["stoppedReason"]!.ToString()).Should().Be(("EssentialContainerExited", "Essential container in task exited"));
        task["containers"]![0]!["exitCode"]!.GetValue<int>().Should().Be(3);
        var stream = $"p/app/{task["taskArn"]!.ToString().Split('/')[^1]}";
        var log = await _aws.CallAsync("logs", "GetLogEvents", new JsonObject { ["logGroupName"] = "/ecs/one-off", ["logStreamName"] = stream });
        log["events"]!.AsArray().Select(line => line!["message"]!.ToString()).Should().Equal("migrating two");
    }

    [Test]
    public async Task Sizes_and_roles_of_an_override_are_shown()
    {
        var task = await RunToEndAsync(await RegisterAsync(), """
            {"cpu":"512","memory":"1024","taskRoleArn":"arn:aws:iam::000000000000:role/t","containerOverrides":[{"name":"app","command":["exit","0"],"cpu":64,"memory":96}]}
            """);

        (task["cpu"]!.ToString(), task["memory"]!.ToString()).Should().Be(("512", "1024"));
        task["overrides"]!["taskRoleArn"]!.ToString().Should().EndWith("role/t");
        (task["containers"]![0]!["cpu"]!.ToString(), task["containers"]![0]!["memory"]!.ToString()).Should().Be(("64", "96"));
        task["containers"]![0]!["exitCode"]!.GetValue<int>().Should().Be(0);
    }

    [Test]
    public async Task A_task_without_a_script_runs_until_it_is_stopped()
    {
        var run = await _aws.CallAsync("ecs", "RunTask", new JsonObject { ["taskDefinition"] = await RegisterAsync(), ["startedBy"] = "me", ["tags"] = new JsonArray(new JsonObject { ["key"] = "why", ["value"] = "try" }) });
        var arn = run["tasks"]![0]!["taskArn"]!.ToString();
        await UntilAsync(arn, task => task["lastStatus"]!.ToString() == "RUNNING");

        await _aws.CallAsync("ecs", "StopTask", new JsonObject { ["task"] = arn, ["reason"] = "enough" });
        var task = await UntilAsync(arn, task => task["lastStatus"]!.ToString() == "STOPPED");

        (task["stopCode"]!.ToString(), task["stoppedReason"]!.ToString(), task["startedBy"]!.ToString()).Should().Be(("UserInitiated", "enough", "me"));
        task["tags"]![0]!["value"]!.ToString().Should().Be("try");
    }

    [Test]
    public async Task A_fault_at_the_start_of_one_container_ends_those_that_run()
    {
        var definition = JsonNode.Parse("""
            {"family":"half","containerDefinitions":[
              {"name":"first","image":"nothing","memory":128,"healthCheck":{"command":["CMD-SHELL","sleep 1; exit 0"]}},
              {"name":"second","image":"nothing","memory":128,"dependsOn":[{"containerName":"first","condition":"HEALTHY"}]}]}
            """)!.AsObject();
        await _aws.CallAsync("ecs", "RegisterTaskDefinition", definition);
        var arn = Arns(await _aws.CallAsync("ecs", "RunTask", new JsonObject { ["taskDefinition"] = "half" })).Single();
        await UntilAsync(arn, task => task["containers"]![0]!["lastStatus"]!.ToString() == "RUNNING");
        var folder = Path.Combine(_aws.StatePath, "tasks", arn.Split('/')[^1]);
        Directory.Delete(folder, recursive: true);
        await File.WriteAllTextAsync(folder, "in the way of the second container's folder");

        var task = await UntilAsync(arn, task => task["lastStatus"]!.ToString() == "STOPPED");

        File.Delete(folder);
        (task["stopCode"]!.ToString(), task["stoppedReason"]!.ToString()).Should().Match<(string Code, string Reason)>(end => end.Code == "TaskFailedToStart" && end.Reason.StartsWith("ContainerRuntimeError: ", StringComparison.Ordinal));
        task["containers"]![0]!["exitCode"]!.GetValue<int>().Should().Be(0, "it was asked to end");
    }

    [Test]
    public async Task A_repeated_token_starts_nothing_new_and_another_request_with_it_is_a_conflict()
    {
        var request = new JsonObject { ["taskDefinition"] = await RegisterAsync(), ["count"] = 2, ["clientToken"] = "token" };
        var first = Arns(await _aws.CallAsync("ecs", "RunTask", request.DeepClone().AsObject()));
        var second = Arns(await _aws.CallAsync("ecs", "RunTask", request.DeepClone().AsObject()));
        request["count"] = 1;
        var (_, conflict) = await _aws.SendAsync("ecs", "RunTask", request);

        second.Should().BeEquivalentTo(first).And.HaveCount(2);
        conflict["__type"]!.ToString().Should().Be("ConflictException");
        conflict["resourceIds"]!.AsArray().Select(arn => arn!.ToString()).Should().BeEquivalentTo(first);
    }

    [TestCase("""{"count":11}""", "InvalidParameterException", "count must be between 1 and 10")]
    [TestCase("""{"launchType":"FARGATE"}""", "InvalidParameterException", "Task definition does not support launch_type FARGATE.")]
    [TestCase("""{"launchType":"FARGATE","capacityProviderStrategy":[{"capacityProvider":"FARGATE"}]}""", "InvalidParameterException", "Specifying both a launch type and capacity provider strategy is not supported.")]
    [TestCase("""{"networkConfiguration":{"awsvpcConfiguration":{"subnets":["s"]}}}""", "InvalidParameterException", "Network Configuration is not valid for the given networkMode of this task definition.")]
    [TestCase("""{"overrides":{"containerOverrides":[{"name":"nobody"}]}}""", "InvalidParameterException", "Override for container named nobody is not a container in the TaskDefinition.")]
    [TestCase("""{"taskDefinition":"nothing"}""", "ClientException", "TaskDefinition not found.")]
    [TestCase("""{"cluster":"nowhere"}""", "ClusterNotFoundException", "Cluster not found.")]
    public async Task A_wrong_request_is_refused_in_ECSs_words(string members, string type, string text)
    {
        var request = JsonNode.Parse(members)!.AsObject();
        request["taskDefinition"] ??= await RegisterAsync();

        var refused = await _aws.FailAsync("ecs", "RunTask", request);

        refused.Type.Should().Be(type);
        refused.Message.Should().StartWith(text);
    }

    [Test]
    public async Task A_task_on_Fargate_needs_its_network_and_shows_it()
    {
        await _aws.CallAsync("ecs", "RegisterTaskDefinition", JsonNode.Parse("""
            {"family":"fargate","networkMode":"awsvpc","requiresCompatibilities":["FARGATE"],"cpu":"256","memory":"512","containerDefinitions":[{"name":"app","image":"i","command":["exit","0"]}]}
            """)!.AsObject());
        var request = new JsonObject { ["taskDefinition"] = "fargate", ["capacityProviderStrategy"] = new JsonArray(new JsonObject { ["capacityProvider"] = "FARGATE_SPOT" }) };
        var refused = await _aws.FailAsync("ecs", "RunTask", request.DeepClone().AsObject());
        request["networkConfiguration"] = JsonNode.Parse(Network);
        var task = (await _aws.CallAsync("ecs", "RunTask", request))["tasks"]![0]!;

        refused.Message.Should().Be("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
        (task["launchType"]!.ToString(), task["capacityProviderName"]!.ToString(), task["platformVersion"]!.ToString()).Should().Be(("FARGATE", "FARGATE_SPOT", "1.4.0"));
        task["attachments"]![0]!["details"]!.AsArray().Should().Contain(detail => detail!["value"]!.ToString() == "subnet-1");
    }

    private async Task<string> RegisterAsync(string more = "")
    {
        var container = JsonNode.Parse($"{{{more}}}")!.AsObject();
        (container["name"], container["image"], container["memory"]) = ("app", "nothing", 128);
        var answer = await _aws.CallAsync("ecs", "RegisterTaskDefinition", new JsonObject { ["family"] = TestContext.CurrentContext.Test.ID, ["containerDefinitions"] = new JsonArray(container) });
        return answer["taskDefinition"]!["taskDefinitionArn"]!.ToString();
    }

    private async Task<JsonObject> RunToEndAsync(string definition, string overrides)
    {
        var run = await _aws.CallAsync("ecs", "RunTask", new JsonObject { ["taskDefinition"] = definition, ["overrides"] = JsonNode.Parse(overrides) });
        return await UntilAsync(Arns(run).Single(), task => task["lastStatus"]!.ToString() == "STOPPED");
    }

    private async Task<JsonObject> UntilAsync(string arn, Func<JsonObject, bool> condition)
    {
        for (var attempt = 0; attempt < 300; attempt++)
        {
            var described = await _aws.CallAsync("ecs", "DescribeTasks", new JsonObject { ["tasks"] = new JsonArray(arn), ["include"] = new JsonArray("TAGS") });
            if (condition(described["tasks"]![0]!.AsObject()))
                return described["tasks"]![0]!.AsObject();
            await Task.Delay(20);
        }
        throw new TimeoutException("The task did not get there within 6 s.");
    }

    private static List<string> Arns(JsonObject answer) => [.. answer["tasks"]!.AsArray().Select(task => task!["taskArn"]!.ToString())];
}

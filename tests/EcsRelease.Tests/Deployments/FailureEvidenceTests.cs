using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;
using EcsRelease.Tests.Aws;

namespace EcsRelease.Tests.Deployments;

public class FailureEvidenceTests
{
    private const string Revision = "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7";

    [Test]
    public async Task More_tasks_than_a_call_takes_are_read_to_the_last_and_told_in_groups()
    {
        var ids = Enumerable.Range(0, 230).Select(number => $"t{number:000}").ToList();
        var service = new ScriptedService(new JsonObject
        {
            ["ListTasks"] = new JsonArray(Listed(ids.Take(100), "2"), Listed(ids.Skip(100).Take(100), "3"), Listed(ids.Skip(200), null)),
            ["DescribeTasks"] = new JsonArray(Described(ids.Take(100)), Described(ids.Skip(100).Take(100)), Described(ids.Skip(200))),
            ["DescribeTaskDefinition"] = new JsonArray(new JsonObject { ["taskDefinition"] = Definition() }),
        });

        var evidence = await CollectAsync(service);

        evidence.Tasks.Should().HaveCount(2, "requests differ from task to task and reasons do not");
        evidence.Tasks.Sum(task => task.Count).Should().Be(230);
        evidence.Cause.Should().StartWith("its tasks did not start (115 tasks): NewError: request 0123abcd-0000-4000-8000-");
        service.Calls.Where(call => call.Operation == "DescribeTasks").Select(call => call.Request["tasks"]!.AsArray().Count).Should().Equal(100, 100, 30);
    }

    [Test]
    public void Events_of_one_moment_are_told_in_the_order_in_which_they_happened()
    {
        // ECS lists the newest first.
        var service = (JsonObject)JsonNode.Parse("""{"events":[{"createdAt":2,"message":"rolling back"},{"createdAt":2,"message":"failed"},{"createdAt":1,"message":"started"}]}""")!;

        ServiceEvents.Since(service, DateTimeOffset.UnixEpoch).Select(each => (string?)each["message"]).Should().Equal("started", "failed", "rolling back");
    }

    [Test]
    public async Task Tasks_that_ecs_forgot_between_two_calls_are_a_note()
    {
        var service = new ScriptedService(new JsonObject
        {
            ["ListTasks"] = new JsonArray(Listed(["t1"], null)),
            ["DescribeTasks"] = new JsonArray(new JsonObject { ["tasks"] = new JsonArray(), ["failures"] = new JsonArray(new JsonObject { ["reason"] = "MISSING" }) }),
            ["DescribeTaskDefinition"] = new JsonArray(new JsonObject { ["taskDefinition"] = Definition() }),
        });

        (await CollectAsync(service)).Notes.Should().Equal("1 stopped tasks were forgotten by ECS before they could be read");
    }

    [Test]
    public async Task Nothing_that_cannot_be_read_is_fatal_and_all_of_it_is_noted()
    {
        var denied = JsonNode.Parse("""{"error":{"code":"AccessDeniedException","message":"no"}}""")!;
        var expired = JsonNode.Parse("""{"error":{"coded":"ECSR4001"}}""")!;
        var service = new ScriptedService(new JsonObject
        {
            ["ListTasks"] = new JsonArray(denied.DeepClone()),
            ["DescribeTaskDefinition"] = new JsonArray(expired),
            ["DescribeTargetHealth"] = new JsonArray(denied.DeepClone()),
            ["DescribeAlarms"] = new JsonArray(denied),
        });
        var last = new RolloutSnapshot
        {
            Service = new() { ["loadBalancers"] = new JsonArray(new JsonObject
            {
                ["targetGroupArn"] = "arn:a", ["advancedConfiguration"] = new JsonObject { ["alternateTargetGroupArn"] = "arn:b" },
            }) },
            Deployment = new() { ["alarms"] = new JsonObject { ["status"] = "TRIGGERED", ["triggeredAlarmNames"] = new JsonArray("errors") } },
        };

        (await CollectAsync(service, last)).Notes.Should().Equal(
            "stopped tasks could not be read: ecs:ListTasks: AccessDeniedException: no",
            "the task definition could not be read: ECSR4001: the session has expired, sign in again",
            "the alarms could not be read: ecs:DescribeAlarms: AccessDeniedException: no",
            "target health of arn:a could not be read: ecs:DescribeTargetHealth: AccessDeniedException: no",
            "target health of arn:b could not be read: ecs:DescribeTargetHealth: AccessDeniedException: no");
    }

    [Test]
    public async Task The_last_20_lines_are_read_over_short_pages_and_an_event_of_many_lines()
    {
        var service = new ScriptedService(new JsonObject { ["GetLogEvents"] = new JsonArray(
            Page("b/1", []),
            Page("b/2", Enumerable.Range(11, 14).Select(number => $"line {number}").Append("crash\n   at A\n   at B\n")),
            Page("b/3", Enumerable.Range(1, 10).Select(number => $"line {number}"))) });

        var lines = await new ContainerLogs(new AmazonCloudWatchLogsClient(service), Definition()).LastAsync("orders", "t1", null, CancellationToken.None);

        lines.Should().Equal([.. Enumerable.Range(8, 17).Select(number => $"line {number}"), "crash", "   at A", "   at B"]);
        service.Calls.Select(call => (string?)call.Request["nextToken"]).Should().Equal(null, "b/1", "b/2");
    }

    [Test]
    public async Task A_one_off_task_is_explained_like_a_task_of_a_service()
    {
        var service = new ScriptedService(new JsonObject { ["GetLogEvents"] = new JsonArray(Page("b/1", ["Unhandled exception. System.Exception: no table"]), Page("b/1", [])) });
        var task = Task("t1", "EssentialContainerExited", "Essential container in task exited");
        task["containers"] = new JsonArray(new JsonObject { ["name"] = "orders", ["exitCode"] = 134 });

        var evidence = await OneOffFailure.OfTaskAsync(new AmazonCloudWatchLogsClient(service), "production", Definition(), task, CancellationToken.None);

        evidence.Cause.Should().Be("container 'orders' exited with code 134, its log says: Unhandled exception. System.Exception: no table");
        evidence.Means.Should().Be("The program ended by an exception that nothing handled.");
        evidence.Next.Should().StartWith("Correct it");
        evidence.Tasks.Should().ContainSingle().Which.Containers[0].Log.Should().ContainSingle();
    }

    [TestCase("(service orders) has reached a steady state.", true)]
    [TestCase("(service orders) has started 2 tasks: (task 0a) (task 0b).", true)]
    [TestCase("(service orders) has started 1 tasks: (task 0a). Amazon ECS replaced 1 tasks due to an unhealthy status.", false)]
    [TestCase("(service orders) has stopped 2 running tasks: (task 0a) (task 0b).", true)]
    [TestCase("(service orders) stopped 2 pending tasks.", true)]
    [TestCase("(service orders) registered 1 targets in (target-group arn:x)", true)]
    [TestCase("(service orders) deregistered 1 targets in (target-group arn:x)", true)]
    [TestCase("(service orders) has begun draining connections on 1 tasks.", true)]
    [TestCase("(service orders) (deployment ecs-svc/7) deployment completed.", true)]
    [TestCase("(service orders) (deployment ecs-svc/7) deployment failed: tasks failed to start.", false)]
    [TestCase("(service orders) something new", false)]
    public void Routine_events_are_told_apart(string message, bool isRoutine) => ServiceEvents.IsRoutine(message).Should().Be(isRoutine);

    private static Task<RolloutEvidence> CollectAsync(ScriptedService service, RolloutSnapshot? last = null)
    {
        var access = ScriptedAccess.Over(service);
        var rollout = new StartedRollout
        {
            Cluster = "production", Service = "orders", TaskDefinition = Revision, PrimaryId = "ecs-svc/7", UpdatedAt = JumpingTime.Start, Baseline = new(null, "ecs-svc/6"),
        };
        return new FailureEvidence(access, rollout, new StoppedTasks(access.Ecs, rollout)).CollectAsync(last, CancellationToken.None);
    }

    private static JsonObject Listed(IEnumerable<string> ids, string? next) =>
        new() { ["taskArns"] = ids.Select(id => $"arn:aws:ecs:eu-west-1:123456789012:task/production/{id}").ToJsonArray(), ["nextToken"] = next };

    private static JsonObject Described(IEnumerable<string> ids) => new()
    {
        ["tasks"] = new JsonArray([.. ids.Select((id, number) => Task(id, "TaskFailedToStart",
            number % 2 == 0 ? $"NewError: request 0123abcd-0000-4000-8000-0000000000{number:00}" : $"OtherError on 10.0.0.{number}"))]),
    };

    private static JsonObject Task(string id, string stopCode, string reason) => new()
    {
        ["taskArn"] = $"arn:aws:ecs:eu-west-1:123456789012:task/production/{id}", ["startedBy"] = "ecs-svc/7", ["lastStatus"] = "STOPPED",
        ["stopCode"] = stopCode, ["stoppedReason"] = reason, ["taskDefinitionArn"] = Revision,
    };

    private static JsonObject Page(string token, IEnumerable<string> lines) => new()
    {
        ["events"] = new JsonArray([.. lines.Select(line => new JsonObject { ["message"] = line })]), ["nextBackwardToken"] = token,
    };

    private static JsonObject Definition() => new()
    {
        ["taskDefinitionArn"] = Revision,
        ["containerDefinitions"] = new JsonArray(new JsonObject
        {
            ["name"] = "orders",
            ["logConfiguration"] = new JsonObject { ["logDriver"] = "awslogs", ["options"] = new JsonObject { ["awslogs-group"] = "/ecs/orders", ["awslogs-stream-prefix"] = "orders" } },
        }),
    };
}

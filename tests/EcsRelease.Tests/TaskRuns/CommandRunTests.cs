using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.TaskRuns;
using EcsRelease.Tests.Aws;
using EcsRelease.Tests.Deployments;

namespace EcsRelease.Tests.TaskRuns;

/// <summary>A command in a one-off task, from ECS's answers.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CommandRunTests
{
    private const string Task = "arn:aws:ecs:eu-west-1:123456789012:task/production/0a1b2c";
    private const string Started = $$"""{"tasks":[{"taskArn":"{{Task}}","lastStatus":"PROVISIONING"}],"failures":[]}""";
    private const string Logging = """{"name":"web","logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"/ecs/orders","awslogs-region":"eu-west-1","awslogs-stream-prefix":"ecs"}}}""";
    private const string Nobody = """{"taskArns":[]}""";

    private readonly JumpingTime time = new();
    private readonly ReportLog log = new();
    private ScriptedService aws = null!;

    [Test]
    public async Task A_command_that_exits_with_0_is_passed_before_its_task_is_gone()
    {
        var end = await RunAsync(Tasks(State("PENDING"), State("RUNNING"), State("DEACTIVATING", "\"exitCode\":0")));

        end.Should().Be(new CommandEnd(CommandFault.None, Task, 0, ""));
        Operations("StopTask").Should().BeEmpty();
        log.Progresses.Should().Contain("task 0a1b2c: RUNNING");
    }

    [Test]
    public async Task A_command_that_exits_with_another_code_is_told_with_reason_and_log()
    {
        var end = await RunAsync(
            Tasks(State("RUNNING"), State("DEPROVISIONING", "\"exitCode\":3"), Stopped("EssentialContainerExited", "Essential container in task exited", "\"exitCode\":3")),
            """, "GetLogEvents":[{"events":[{"message":"adding column"},{"message":"relation is locked"}]}]""", container: Logging);

        (end.Fault, end.ExitCode).Should().Be((CommandFault.Exited, 3));
        end.Cause.Should().Be("container 'web' exited with code 3, its log says: relation is locked");
        end.Evidence!.Tasks.Single().Containers.Single().Log.Should().Equal("adding column", "relation is locked");
    }

    [Test]
    public async Task What_the_container_logs_is_shown_once_while_it_runs_and_to_its_end()
    {
        await RunAsync(
            Tasks(State("RUNNING"), State("RUNNING"), State("STOPPED", "\"exitCode\":0")),
            """
            , "GetLogEvents":[
              {"error":{"code":"ResourceNotFoundException","message":"The specified log stream does not exist."}},
              {"events":[{"message":"one"},{"message":"two\n"}],"nextForwardToken":"f/2"}, {"events":[],"nextForwardToken":"f/2"},
              {"events":[],"nextForwardToken":"f/2"},
              {"events":[{"message":"three"}],"nextForwardToken":"f/3"}, {"events":[],"nextForwardToken":"f/3"}]
            """, container: Logging);

        log.Details.Where(line => line.StartsWith('|')).Should().Equal("| one", "| two", "| three");
        var streams = aws.Calls.Where(call => call.Operation == "GetLogEvents").Select(call => (string?)call.Request["logStreamName"]);
        streams.Should().AllBe("ecs/web/0a1b2c");
    }

    [Test]
    public async Task A_log_that_may_not_be_read_is_said_once_and_the_exit_code_still_decides()
    {
        var end = await RunAsync(
            Tasks(State("RUNNING"), State("RUNNING"), State("STOPPED", "\"exitCode\":0")),
            """, "GetLogEvents":[{"error":{"code":"AccessDeniedException","message":"no"}}]""", container: Logging);

        end.Fault.Should().Be(CommandFault.None);
        log.Details.Should().ContainSingle(line => line.Contains("log cannot be read", StringComparison.Ordinal));
    }

    [TestCase("RESOURCE:MEMORY", "Add container instances, or lower EcsMemory.")]
    [TestCase("Something new", null)]
    public async Task A_task_that_ECS_does_not_place_is_told_by_its_own_reason(string reason, string? next)
    {
        var end = await RunAsync($$"""{"ListTasks":[{{Nobody}}],"RunTask":[{"tasks":[],"failures":[{"arn":"arn:x","reason":"{{reason}}"}]}]}""");

        (end.Fault, end.Task, end.Cause).Should().Be((CommandFault.NotStarted, null, $"ECS started no task: {reason}"));
        end.Evidence!.Next.Should().Be(next);
    }

    [Test]
    public async Task A_container_that_ran_and_has_no_exit_code_did_not_fail_to_start()
    {
        var lost = Stopped("TerminationNotice", "Host EC2 terminated.", "\"lastStatus\":\"STOPPED\"").Replace("\"containers\"", "\"startedAt\":1767225600,\"containers\"", StringComparison.Ordinal);

        var end = await RunAsync(Tasks(State("RUNNING"), lost));

        (end.Fault, end.ExitCode).Should().Be((CommandFault.Exited, null));
        end.Cause.Should().Contain("Host EC2 terminated");
    }

    [Test]
    public async Task A_container_that_never_ran_is_told_by_what_stopped_its_task()
    {
        var end = await RunAsync(Tasks(Stopped("TaskFailedToStart", "CannotPullContainerError: pull access denied", "\"reason\":\"CannotPullContainerError: pull access denied\"")));

        (end.Fault, end.ExitCode).Should().Be((CommandFault.NotStarted, null));
        end.Cause.Should().Contain("pull access denied");
        end.Evidence!.Next.Should().Contain("ecr:");
    }

    [Test]
    public async Task Of_a_released_container_that_is_not_essential_code_and_log_are_told_as_well()
    {
        var end = await RunAsync(
            Tasks($$"""{"taskArn":"{{Task}}","lastStatus":"RUNNING","containers":[{"name":"proxy","lastStatus":"RUNNING"},{"name":"web","lastStatus":"STOPPED","exitCode":3}]}"""),
            """, "StopTask":[{}], "GetLogEvents":[{"events":[{"message":"relation is locked"}]}]""", container: $$"""{{Logging.Replace("\"web\"", "\"web\",\"essential\":false", StringComparison.Ordinal)}},{"name":"proxy"}""");

        (end.Fault, end.Cause).Should().Be((CommandFault.Exited, "container 'web' exited with code 3, its log says: relation is locked"));
    }

    [Test]
    public async Task Beside_the_released_container_a_sidecar_decides_nothing_and_is_stopped()
    {
        var end = await RunAsync(
            Tasks($$"""{"taskArn":"{{Task}}","lastStatus":"RUNNING","containers":[{"name":"proxy","lastStatus":"RUNNING"},{"name":"web","lastStatus":"STOPPED","exitCode":0}]}"""),
            ", \"StopTask\":[{}]", container: """{"name":"web","essential":false},{"name":"proxy"}""");

        end.Fault.Should().Be(CommandFault.None);
        Operations("StopTask").Should().ContainSingle();
    }

    [Test]
    public async Task A_command_that_does_not_end_is_stopped_at_the_limit()
    {
        var end = await RunAsync(Tasks(State("RUNNING")), ", \"StopTask\":[{}]");

        end.Fault.Should().Be(CommandFault.TimedOut);
        end.Cause.Should().Be($"Its task {Task} was stopped.");
        (time.GetUtcNow() - JumpingTime.Start).Should().BeCloseTo(TimeSpan.FromMinutes(20), TimeSpan.FromSeconds(5));
        var stop = Operations("StopTask").Single();
        ((string?)stop["task"], (string?)stop["cluster"], (string?)stop["reason"]).Should().Be((Task, "production", "ecs-release: it reached EcsTimeout"));
    }

    [Test]
    public async Task A_task_that_cannot_be_stopped_is_named_with_the_command_that_stops_it()
    {
        var end = await RunAsync(Tasks(State("RUNNING")), """, "StopTask":[{"error":{"code":"AccessDeniedException","message":"no"}}]""");

        end.Cause.Should().EndWith($"aws ecs stop-task --cluster production --task {Task} --region eu-west-1");
        log.Warnings.Should().ContainSingle(warning => warning.Code == "ECSR5196");
    }

    [Test]
    public async Task Ctrl_C_stops_the_task()
    {
        using var cancel = new CancellationTokenSource();
        var gate = Gate(Tasks(State("RUNNING")), ", \"StopTask\":[{}]", () => cancel.Cancel());

        var run = () => gate.RunAsync(OneOffTaskTests.Of("{}"), TimeSpan.FromMinutes(20), cancel.Token);

        await run.Should().ThrowAsync<OperationCanceledException>();
        Operations("StopTask").Should().ContainSingle();
        gate.GivenUp.Should().Be($"Its task {Task} was stopped.");
    }

    [Test]
    public async Task Throttling_and_faults_of_ECS_are_waited_out()
    {
        var end = await RunAsync(Tasks(
            """{"error":{"code":"ThrottlingException","message":"Rate exceeded"}}""", """{"error":{"code":"ServerException","status":500,"lost":true}}""", State("STOPPED", "\"exitCode\":0")));

        end.Fault.Should().Be(CommandFault.None);
    }

    [Test]
    public async Task A_task_that_may_not_be_looked_at_is_stopped()
    {
        var run = () => RunAsync(Tasks("""{"error":{"code":"AccessDeniedException","message":"no"}}"""), ", \"StopTask\":[{}]");

        await run.Should().ThrowAsync<AwsServiceException>();
        Operations("StopTask").Should().ContainSingle();
    }

    [Test]
    public async Task A_task_that_ECS_does_not_know_yet_is_waited_for_and_one_that_it_forgot_is_told()
    {
        var known = await RunAsync(Tasks("""{"tasks":[],"failures":[{"reason":"MISSING"}]}""", State("STOPPED", "\"exitCode\":0")));
        var forgotten = await RunAsync(Tasks("""{"tasks":[],"failures":[{"reason":"MISSING"}]}"""));

        known.Fault.Should().Be(CommandFault.None);
        (forgotten.Fault, forgotten.Cause).Should().Be((CommandFault.NotStarted, "ECS does not know its task 0a1b2c (any more)"));
    }

    [Test]
    public async Task A_task_of_a_killed_run_is_followed_and_not_begun_twice()
    {
        var running = $$$"""{"taskArn":"{{{Task}}}","taskDefinitionArn":"{{{OneOffTaskTests.Revision}}}","lastStatus":"RUNNING","desiredStatus":"RUNNING","overrides":{"containerOverrides":[{"name":"web","command":["migrate","--to","latest one"]}]}}""";

        var end = await RunAsync($$"""{"ListTasks":[{"taskArns":["{{Task}}"]}],"DescribeTasks":[{"tasks":[{{running}}]},{"tasks":[{{State("STOPPED", "\"exitCode\":0")}}]}]}""");

        (end.Fault, end.Task).Should().Be((CommandFault.None, Task));
        Operations("RunTask").Should().BeEmpty();
        ((string?)Operations("ListTasks").Single()["startedBy"]).Should().Be("ecs-release/EcsBeforeDeploy/3f2a91c0d4b5");
    }

    [Test]
    public async Task The_task_of_another_command_is_not_followed()
    {
        var other = $$$"""{"taskArn":"arn:other","taskDefinitionArn":"{{{OneOffTaskTests.Revision}}}","lastStatus":"RUNNING","desiredStatus":"RUNNING","overrides":{"containerOverrides":[{"name":"web","command":["seed"]}]}}""";

        var end = await RunAsync($$"""{"ListTasks":[{"taskArns":["arn:other"]}],"RunTask":[{{Started}}],"DescribeTasks":[{"tasks":[{{other}}]},{"tasks":[{{State("STOPPED", "\"exitCode\":0")}}]}]}""");

        end.Task.Should().Be(Task);
    }

    [Test]
    public async Task Without_an_answer_to_RunTask_it_is_said_how_to_look()
    {
        var run = () => RunAsync($$$"""{"ListTasks":[{{{Nobody}}}],"RunTask":[{"error":{"code":"AnswerLost","lost":true}}]}""");

        await run.Should().ThrowAsync<AwsServiceException>();
        log.Warnings.Single().Message.Should().EndWith("aws ecs list-tasks --cluster production --started-by ecs-release/EcsBeforeDeploy/3f2a91c0d4b5 --region eu-west-1");
    }

    [Test]
    public async Task Where_tags_are_denied_the_task_runs_without_them()
    {
        var denied = """{"error":{"code":"AccessDeniedException","message":"not authorized to perform: ecs:TagResource"}}""";

        var end = await RunAsync($$"""{"ListTasks":[{{Nobody}}],"RunTask":[{{denied}},{{Started}}],"DescribeTasks":[{"tasks":[{{State("STOPPED", "\"exitCode\":0")}}]}]}""");

        end.Fault.Should().Be(CommandFault.None);
        Operations("RunTask").Select(request => request.ContainsKey("propagateTags")).Should().Equal(true, false);
    }

    private static string State(string status, string container = "\"lastStatus\":\"RUNNING\"") =>
        $$"""{"taskArn":"{{Task}}","lastStatus":"{{status}}","containers":[{"name":"web",{{container}}}]}""";

    private static string Stopped(string code, string reason, string container) =>
        $$"""{"taskArn":"{{Task}}","lastStatus":"STOPPED","stopCode":"{{code}}","stoppedReason":"{{reason}}","containers":[{"name":"web",{{container}}}]}""";

    /// <summary>A task that is begun and then looks like this, one look after the other.</summary>
    private static string Tasks(params string[] looks) =>
        $$"""{"ListTasks":[{{Nobody}}],"RunTask":[{{Started}}],"DescribeTasks":[{{string.Join(',', looks.Select(look => look.StartsWith("{\"taskArn\"", StringComparison.Ordinal) ? $$"""{"tasks":[{{look}}]}""" : look))}}]}""";

    private async Task<CommandEnd> RunAsync(string script, string more = "", string container = """{"name":"web"}""") =>
        await Gate(script, more).RunAsync(OneOffTaskTests.Of("{}", container), TimeSpan.FromMinutes(20), CancellationToken.None);

    private CommandRun Gate(string script, string more, Action? onLook = null)
    {
        aws = new ScriptedService((JsonObject)JsonNode.Parse(script[..^1] + more + "}")!);
        IJsonService service = onLook is null ? aws : new Watched(aws, onLook);
        return new(ScriptedAccess.Over(service), log, time, new Random(1));
    }

    private List<JsonObject> Operations(string name) => [.. aws.Calls.Where(call => call.Operation == name).Select(call => call.Request)];

    /// <summary>Tells of each look at the task.</summary>
    private sealed class Watched(ScriptedService inner, Action onLook) : IJsonService
    {
        public Task<JsonObject> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken)
        {
            if (operation == "DescribeTasks")
                onLook();
            return inner.CallAsync(operation, request, cancellationToken);
        }
    }
}

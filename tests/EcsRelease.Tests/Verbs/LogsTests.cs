using System.Globalization;
using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.ServiceLogs;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

/// <summary>`logs` on the local AWS, whose runtime `none` echoes what the command of a revision says.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class LogsTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private readonly List<LogLine> lines = [];
    private EngineBed bed = null!;

    [SetUp]
    public async Task SetUp()
    {
        bed = await EngineBed.StartAsync();
        (await bed.ReleaseAsync()).Outcome.Should().Be(ReleaseOutcome.Succeeded);
    }

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task The_lines_of_all_tasks_come_once_and_in_order_of_time()
    {
        await DeployAsync("echo one; sleep 0.05; echo two; sleep 600", tasks: 3);
        await UntilLoggedAsync(6);

        await LogsAsync();

        lines.Select(line => line.At).Should().BeInAscendingOrder();
        lines.GroupBy(line => line.Task).Should().HaveCount(3).And.OnlyContain(task => task.Select(line => line.Message).SequenceEqual(new[] { "one", "two" }));
        lines.Should().OnlyContain(line => line.Container == "orders");
    }

    [TestCase(1)]
    [TestCase(2)]
    public async Task Followed_through_rollouts_no_line_is_lost_or_told_twice(int seed)
    {
        var random = new Random(seed);
        using var ended = new CancellationTokenSource();
        var follow = LogsAsync(new() { Follow = true, Tail = seed == 1 ? null : 1000 }, ended.Token);
        for (var rollout = 1; rollout <= 3; rollout++)
        {
            var steps = Enumerable.Range(0, 12).Select(n => string.Create(CultureInfo.InvariantCulture, $"echo {rollout}-{n}; sleep {random.NextDouble() * 0.2:0.000}"));
            await DeployAsync($"{string.Join("; ", steps)}; sleep 600", tasks: random.Next(1, 4));
        }
        await UntilAsync(async () => (await LoggedAsync()) is { Count: > 0 } all && all.Exists(line => line.EndsWith(" 3-11", StringComparison.Ordinal)) && Told().Count >= all.Count);
        var logged = await LoggedAsync();
        await ended.CancelAsync();
        await FluentActions.Awaiting(() => follow).Should().ThrowAsync<OperationCanceledException>();

        Told().Should().BeEquivalentTo(logged);
        // Of each task in its own order.
        Told().GroupBy(line => line.Split(' ')[0]).Should().OnlyContain(task => task.SequenceEqual(logged.Where(line => line.StartsWith(task.Key, StringComparison.Ordinal))));
    }

    [Test]
    public async Task The_last_lines_of_a_revision_or_a_task_or_with_a_text_are_shown_alone()
    {
        var first = await DeployAsync("echo red; echo green; echo blue; sleep 600");
        await UntilLoggedAsync(3);
        await DeployAsync("echo white; sleep 600");
        await UntilLoggedAsync(4);

        await LogsAsync(new() { Choice = new(Revision: first), Tail = 2 });
        Messages().Should().Equal("green", "blue");
        await LogsAsync(new() { IsWanted = text => text.Contains('e') });
        Messages().Should().Equal("red", "green", "blue", "white");
        var task = lines[^1].Task;
        await LogsAsync(new() { Task = task[..8] });
        Messages().Should().Equal("white");
        await LogsAsync(new() { Since = DateTimeOffset.UtcNow + TimeSpan.FromMinutes(-10), Tail = 1 });
        Messages().Should().Equal("white");
    }

    [Test]
    public async Task The_log_of_a_one_off_task_is_found_by_its_id_and_of_one_that_is_unknown_it_is_said()
    {
        var run = await new Run(new(), "orders", new() { Command = ["sh", "-c", "echo migrated"] }, bed.Recorded(), bed.Reporter, _ => { }, TimeProvider.System).RunAsync(CancellationToken.None);

        await LogsAsync(new() { Task = run.Task });

        Messages().Should().Equal("migrated");
        (await FluentActions.Awaiting(() => LogsAsync(new() { Task = "0123abcd" })).Should().ThrowAsync<EcsReleaseException>()).Which.Code.Should().Be("ECSR5275");
    }

    // ECS forgets stopped tasks after an hour; the local AWS clears them away once a minute.
    [Test, Long]
    public async Task Tasks_that_ECS_has_forgotten_are_found_by_the_names_of_their_streams()
    {
        await bed.DisposeAsync();
        bed = await EngineBed.StartAsync(("STOPPED_TASKS_KEPT", "1s"));
        (await bed.ReleaseAsync()).Outcome.Should().Be(ReleaseOutcome.Succeeded);
        await DeployAsync("echo gone; sleep 600");
        await UntilLoggedAsync(1);
        await DeployAsync("echo here; sleep 600");
        await UntilLoggedAsync(2);
        await UntilAsync(async () => (await bed.Ecs.ListTasksAsync(new() { ["serviceName"] = "orders", ["desiredStatus"] = "STOPPED" }, CancellationToken.None)).Texts("taskArns").Any() is false);

        await LogsAsync(new() { Since = DateTimeOffset.UtcNow - TimeSpan.FromHours(2) });

        Messages().Should().Equal("gone", "here");
        lines[0].TaskDefinition.Should().BeNull();
    }

    [Test]
    public async Task A_throttled_or_failing_look_loses_nothing()
    {
        await DeployAsync("echo one; echo two; sleep 600");
        await UntilLoggedAsync(2);
        await bed.FaultAsync("GetLogEvents", "throttle", times: 6, service: "logs");
        await bed.FaultAsync("GetLogEvents", "loseAnswer", times: 1, service: "logs");

        await LogsAsync();

        Messages().Should().Equal("one", "two");
    }

    [Test]
    public async Task With_no_line_of_before_only_what_comes_is_told()
    {
        await DeployAsync("echo old; sleep 600");
        await UntilLoggedAsync(1);
        using var ended = new CancellationTokenSource();
        var follow = LogsAsync(new() { Follow = true, Tail = 0 }, ended.Token);
        await UntilAsync(() => Task.FromResult(bed.Calls.Any(call => call.Operation == "logs:GetLogEvents")));

        await DeployAsync("echo new; sleep 600");
        await UntilAsync(() => Task.FromResult(Told().Count > 0));
        await ended.CancelAsync();
        await FluentActions.Awaiting(() => follow).Should().ThrowAsync<OperationCanceledException>();

        Messages().Should().Equal("new");
    }

    // Each look at the revision is repeated for a while before it counts as failed.
    [Test, Long]
    public async Task A_task_whose_revision_cannot_be_read_at_first_is_followed_later()
    {
        using var ended = new CancellationTokenSource();
        var follow = LogsAsync(new() { Follow = true }, ended.Token);
        await UntilAsync(() => Task.FromResult(bed.Calls.Any(call => call.Operation == "logs:GetLogEvents")));
        // The first one is the test's own.
        await bed.FaultAsync("DescribeTaskDefinition", "serverError", times: 7, after: 1);

        await DeployAsync("echo new; sleep 600");
        await UntilAsync(() => Task.FromResult(Told().Count > 0));
        await ended.CancelAsync();
        await FluentActions.Awaiting(() => follow).Should().ThrowAsync<OperationCanceledException>();

        Messages().Should().Equal("new");
    }

    [Test]
    public async Task A_container_that_logs_elsewhere_is_named()
    {
        await DeployAsync("sleep 600", log: new JsonObject { ["logDriver"] = "splunk", ["options"] = new JsonObject { ["splunk-url"] = "https://splunk.example" } });
        await UntilAsync(async () => (await TasksOfNewestAsync()) > 0);

        var logs = () => LogsAsync(new() { Choice = new(Revision: 2) });

        (await logs.Should().ThrowAsync<EcsReleaseException>()).Which.Code.Should().Be("ECSR5274");
        bed.Reporter.Lines.Should().ContainSingle(line => line.StartsWith("ECSR5277", StringComparison.Ordinal) && line.Contains("splunk"));
    }

    private Task LogsAsync(LogRequest? request = null, CancellationToken cancellationToken = default)
    {
        lock (lines)
            lines.Clear();
        return new Logs(new(), "orders", request ?? new(), bed.Recorded(), bed.Reporter, Take, TimeProvider.System).RunAsync(cancellationToken);

        void Take(LogLine line)
        {
            lock (lines)
                lines.Add(line);
        }
    }

    private IEnumerable<string> Messages() => lines.Select(line => line.Message);

    private List<string> Told()
    {
        lock (lines)
            return [.. lines.Select(line => $"{line.Task} {line.Message}")];
    }

    /// <summary>A revision whose container does what a script says, brought to the service to the end of its rollout.</summary>
    private async Task<int> DeployAsync(string script, int tasks = 1, JsonObject? log = null)
    {
        var definition = (await bed.RevisionAsync((await bed.RevisionsAsync())[^1]))["taskDefinition"]!.DeepClone().AsObject();
        foreach (var answered in new[] { "taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt", "registeredBy" })
            definition.Remove(answered);
        definition["containerDefinitions"]![0]!["command"] = new JsonArray("sh", "-c", script);
        if (log is not null)
            definition["containerDefinitions"]![0]!["logConfiguration"] = log;
        var registered = await bed.Ecs.RegisterTaskDefinitionAsync(definition, CancellationToken.None);
        await bed.Ecs.UpdateServiceAsync(new() { ["service"] = "orders", ["taskDefinition"] = (string?)registered["taskDefinition"]!["taskDefinitionArn"], ["desiredCount"] = tasks }, CancellationToken.None);
        await UntilAsync(async () => (await bed.Ecs.DescribeServicesAsync(new() { ["services"] = new JsonArray("orders") }, CancellationToken.None)).Objects("services").Single() is var service
            && service.Objects("deployments").ToList() is [var only] && only.Text("rolloutState") == "COMPLETED" && service.Integer("runningCount") == tasks);
        return registered.Object("taskDefinition").Integer("revision")!.Value;
    }

    private async Task<int> TasksOfNewestAsync() =>
        (await bed.Ecs.ListTasksAsync(new() { ["serviceName"] = "orders" }, CancellationToken.None)).Texts("taskArns").Count();

    private Task UntilLoggedAsync(int count) => UntilAsync(async () => (await LoggedAsync()).Count >= count);

    /// <summary>What CloudWatch Logs has, as `TASK MESSAGE`.</summary>
    private async Task<List<string>> LoggedAsync()
    {
        try
        {
            var answer = await bed.Client(AwsService.CloudWatchLogs).CallAsync("FilterLogEvents", new() { ["logGroupName"] = "/ecs/orders" }, CancellationToken.None);
            return [.. answer.Objects("events").Select(each => $"{each.Text("logStreamName")!.Split('/')[^1]} {each.Text("message")}")];
        }
        catch (AwsServiceException absent) when (absent.ErrorCode == "ResourceNotFoundException")
        {
            return [];
        }
    }

    private static async Task UntilAsync(Func<Task<bool>> isTrue)
    {
        var deadline = DateTimeOffset.UtcNow + Limit;
        while (!await isTrue())
        {
            DateTimeOffset.UtcNow.Should().BeBefore(deadline);
            await Task.Delay(50);
        }
    }
}

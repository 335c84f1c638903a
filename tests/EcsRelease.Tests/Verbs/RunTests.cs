using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

/// <summary>`run` on the local AWS with its runtime `none`, which acts on echo, sleep and exit.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class RunTests
{
    private readonly List<string> lines = [];
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
    public async Task The_exit_code_of_the_container_and_its_lines_are_passed_through()
    {
        var ended = await RunAsync("sh", "-c", "echo migrating $DB; sleep 0.2; echo done; exit 3");

        (ended.Outcome, ended.Code, ended.ExitCode).Should().Be((ReleaseOutcome.Failed, null, 3));
        lines.Should().Equal("migrating", "done");
        ended.Message.Should().Be("container 'orders' exited with code 3, its log says: done");
        ended.Log.Should().Be(new RunLog("/ecs/orders", $"orders/orders/{ended.Task!.Split('/')[^1]}"));
    }

    [Test]
    public async Task A_task_has_the_network_of_the_service_and_the_variables_of_the_run()
    {
        var ended = await RunAsync(new RunRequest { Command = ["sh", "-c", "echo level $LOG_LEVEL"], Environment = [new("LOG_LEVEL", "debug")], Cpu = 512, Memory = 1024 });

        (ended.Outcome, ended.ExitCode).Should().Be((ReleaseOutcome.Succeeded, 0), ended.Message);
        lines.Should().Equal("level debug");
        var sent = bed.Calls.Single(call => call.Operation == "ecs:RunTask").Request;
        var service = (await bed.Ecs.DescribeServicesAsync(new() { ["services"] = new JsonArray("orders") }, CancellationToken.None)).Objects("services").Single();
        JsonNode.DeepEquals(sent["networkConfiguration"], service["networkConfiguration"]).Should().BeTrue();
        ((string?)sent["overrides"]!["cpu"], (string?)sent["overrides"]!["memory"]).Should().Be(("512", "1024"));
    }

    [Test]
    public async Task The_release_of_a_commit_is_run_by_a_prefix_of_it_and_one_that_is_not_there_is_refused()
    {
        var first = (await bed.RevisionsAsync())[0];
        var commit = RevisionCommit(await bed.RevisionAsync(first));
        bed.Commit("second");
        await bed.ReleaseAsync();

        var ended = await RunAsync(new RunRequest { Command = ["exit", "0"], Choice = new(commit[..7]) });
        var absent = await FluentActions.Awaiting(() => RunAsync(new RunRequest { Command = ["exit", "0"], Choice = new(Revision: 99) })).Should().ThrowAsync<EcsReleaseException>();

        (ended.TaskDefinition, ended.Commit).Should().Be((first, commit));
        absent.Which.Code.Should().Be("ECSR5216");
    }

    [Test]
    public async Task A_lost_answer_to_RunTask_runs_the_command_once()
    {
        await bed.FaultAsync("RunTask", "loseAnswer");

        var ended = await RunAsync("sh", "-c", "echo once; exit 0");

        ended.Outcome.Should().Be(ReleaseOutcome.Succeeded, ended.Message);
        lines.Should().Equal("once");
        (await TasksAsync()).Should().ContainSingle();
    }

    [Test]
    public async Task Ctrl_C_stops_the_task_and_says_so()
    {
        using var cancel = new CancellationTokenSource();
        bed.Reporter.OnLine = line =>
        {
            if (line.EndsWith(": RUNNING", StringComparison.Ordinal))
                cancel.Cancel();
        };
        var run = Run(new RunRequest { Command = ["sleep", "600"] });

        await FluentActions.Awaiting(() => run.RunAsync(cancel.Token)).Should().ThrowAsync<OperationCanceledException>();

        var task = (await TasksAsync()).Single();
        task.Text("desiredStatus").Should().Be("STOPPED");
        run.WhatGoesOn.Should().Be($"Its task {task.Text("taskArn")} was stopped.");
    }

    [Test]
    public async Task A_second_Ctrl_C_leaves_the_task()
    {
        using var cancel = new CancellationTokenSource();
        bed.Reporter.OnLine = line =>
        {
            if (line.EndsWith(": RUNNING", StringComparison.Ordinal))
                cancel.Cancel();
        };
        var run = Run(new RunRequest { Command = ["sleep", "600"] }, leave: new CancellationToken(canceled: true));

        await FluentActions.Awaiting(() => run.RunAsync(cancel.Token)).Should().ThrowAsync<OperationCanceledException>();

        run.WhatGoesOn.Should().Contain("may still run").And.Contain("aws ecs stop-task");
    }

    [Test]
    public async Task A_task_that_finds_no_capacity_is_explained()
    {
        await bed.FaultAsync("RunTask", "noCapacity", times: 10);

        var ended = await RunAsync("exit", "0");

        (ended.Outcome, ended.Code, ended.Task, ended.ExitCode).Should().Be((ReleaseOutcome.Failed, "ECSR5267", null, null));
        ended.Message.Should().Contain("Capacity is unavailable");
        ended.Evidence!.Next.Should().NotBeNull();
    }

    [Test]
    public async Task A_command_that_does_not_end_is_stopped_at_the_limit()
    {
        var ended = await Run(new RunRequest { Command = ["sleep", "600"] }, new() { Timeout = TimeSpan.FromSeconds(1) }).RunAsync(CancellationToken.None);

        (ended.Outcome, ended.Code).Should().Be((ReleaseOutcome.TimedOut, "ECSR5268"));
        (await TasksAsync()).Single().Text("desiredStatus").Should().Be("STOPPED");
    }

    [Test]
    public async Task Without_waiting_the_task_is_named_and_goes_on()
    {
        var ended = await Run(new RunRequest { Command = ["sleep", "600"] }, new() { Wait = false }).RunAsync(CancellationToken.None);

        (ended.Outcome, ended.ExitCode).Should().Be((ReleaseOutcome.Started, null));
        ended.Task.Should().Contain(":task/");
    }

    [Test]
    public async Task What_RunTask_would_not_take_is_refused_before_it_is_sent()
    {
        var tooLong = () => RunAsync("echo", new string('x', 8192));
        var unknown = () => Run(new RunRequest { Command = ["exit", "0"] }, new() { Container = "proxy" }).RunAsync(CancellationToken.None);

        (await tooLong.Should().ThrowAsync<EcsReleaseException>()).Which.Code.Should().Be("ECSR5266");
        (await unknown.Should().ThrowAsync<EcsReleaseException>()).Which.Message.Should().Contain("'proxy'").And.Contain("orders");
        bed.Calls.Should().NotContain(call => call.Operation == "ecs:RunTask");
    }

    private Task<RunRecord> RunAsync(params string[] command) => RunAsync(new RunRequest { Command = command });

    private Task<RunRecord> RunAsync(RunRequest request) => Run(request).RunAsync(CancellationToken.None);

    private Run Run(RunRequest request, ReleaseOptions? options = null, CancellationToken leave = default) =>
        new(options ?? new(), "orders", request, bed.Recorded(), bed.Reporter, lines.Add, TimeProvider.System, leave);

    private static string RevisionCommit(JsonObject described) => EcsRelease.TaskDefinitions.RevisionTags.CommitOf(described)!;

    private async Task<List<JsonObject>> TasksAsync()
    {
        List<string> arns = [];
        foreach (var status in new[] { "RUNNING", "STOPPED" })
            arns.AddRange((await bed.Ecs.ListTasksAsync(new() { ["family"] = "orders", ["desiredStatus"] = status }, CancellationToken.None)).Texts("taskArns"));
        var tasks = (await bed.Ecs.DescribeTasksAsync(new() { ["tasks"] = arns.ToJsonArray() }, CancellationToken.None)).Objects("tasks");
        return [.. tasks.Where(task => task.Text("startedBy")?.StartsWith("ecs-release/run/", StringComparison.Ordinal) == true)];
    }
}

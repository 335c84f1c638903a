using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Tests.Deployments;
using EcsRelease.Tests.Tool;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

/// <summary>`scale` on the local AWS.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class ScaleTests
{
    private EngineBed bed = null!;

    [SetUp]
    public async Task SetUp()
    {
        bed = await EngineBed.StartAsync();
        (await bed.ReleaseAsync()).Outcome.Should().Be(ReleaseOutcome.Succeeded);
        bed.Calls.Clear();
    }

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task A_service_is_scaled_up_and_down_and_to_nothing_without_a_deployment()
    {
        var deployments = await bed.DeploymentsAsync();

        var up = await ScaleAsync(4);
        var same = await ScaleAsync(4);
        var down = await ScaleAsync(2);
        var none = await ScaleAsync(0);

        (up.Outcome, up.Before, up.After).Should().Be((ReleaseOutcome.Succeeded, new TaskCounts(1, 1), new TaskCounts(4, 4)), up.Message);
        same.Outcome.Should().Be(ReleaseOutcome.Unchanged);
        (down.Outcome, down.After).Should().Be((ReleaseOutcome.Succeeded, new TaskCounts(2, 2)), down.Message);
        (none.Outcome, none.After).Should().Be((ReleaseOutcome.Succeeded, new TaskCounts(0, 0)), none.Message);
        (await bed.DeploymentsAsync()).Should().Be(deployments);
        bed.Calls.Where(call => call.Operation == "ecs:UpdateService").Select(call => call.Request.ToJsonString()).Should().Equal(
            [.. new[] { 4, 2, 0 }.Select(count => $$"""{"cluster":"default","service":"orders","desiredCount":{{count}}}""")]);
    }

    [Test]
    public async Task A_lost_answer_is_settled_by_reading()
    {
        await bed.FaultAsync("UpdateService", "loseAnswer");

        var record = await ScaleAsync(2);

        (record.Outcome, record.After.Running).Should().Be((ReleaseOutcome.Succeeded, 2), record.Message);
        bed.Calls.Count(call => call.Operation == "ecs:UpdateService").Should().Be(1);
    }

    [Test]
    public async Task Tasks_that_find_no_place_are_told_at_the_limit()
    {
        await bed.FaultAsync("placement", "noCapacity", times: 1000);

        var record = await ScaleAsync(3, new() { Timeout = TimeSpan.FromSeconds(4) });

        (record.Outcome, record.Code).Should().Be((ReleaseOutcome.TimedOut, "ECSR5283"));
        record.Message.Should().Contain("1 run").And.Contain("unable to place a task");
        record.Evidence!.Troubles.Should().NotBeEmpty();
    }

    [Test]
    public async Task Without_waiting_the_count_is_set_alone()
    {
        var record = await ScaleAsync(2, new() { Wait = false });

        (record.Outcome, record.After.Desired).Should().Be((ReleaseOutcome.Started, 2));
    }

    [TestCase("""{"schedulingStrategy":"DAEMON"}""", "ECSR5279")]
    [TestCase("""{"resourceManagementType":"ECS"}""", "ECSR5279")]
    [TestCase("""{"status":"DRAINING"}""", "ECSR5109")]
    [TestCase("""{"tags":[{"key":"aws:cloudformation:stack-name","value":"shop"}]}""", "ECSR5281", OwnedPolicy.Refuse)]
    public async Task What_is_not_scaled_by_hand_is_refused(string member, string code, OwnedPolicy owned = OwnedPolicy.Warn)
    {
        var target = Scripted(member);

        var scale = () => new Scale(new() { Owned = owned }, "orders", 2, target, new ReportLog(), new JumpingTime()).RunAsync(CancellationToken.None);

        (await scale.Should().ThrowAsync<EcsReleaseException>()).Which.Code.Should().Be(code);
        target.Operations.Should().NotContain("UpdateService");
    }

    [Test]
    public async Task A_stack_that_may_set_the_count_back_is_named()
    {
        var log = new ReportLog();

        await new Scale(new() { Wait = false }, "orders", 2, Scripted("""{"tags":[{"key":"aws:cloudformation:stack-name","value":"shop"}]}"""), log, new JumpingTime()).RunAsync(CancellationToken.None);

        log.Warnings.Single().Message.Should().Contain("shop").And.Contain("set its count back");
    }

    [Test]
    public async Task Somebody_else_who_sets_the_count_meanwhile_is_told()
    {
        var target = Scripted("{}", """{"services":[{"serviceName":"orders","status":"ACTIVE","desiredCount":7,"runningCount":3,"deployments":[]}]}""");

        var record = await new Scale(new(), "orders", 2, target, new ReportLog(), new JumpingTime()).RunAsync(CancellationToken.None);

        (record.Code, record.Outcome.ExitCode()).Should().Be(("ECSR5284", 8));
    }

    [TestCase(2, true)]
    [TestCase(1, false, Description = "it has that count")]
    public async Task It_is_asked_before_the_count_changes(int count, bool isAsked)
    {
        var target = Scripted("{}");
        var scale = new Scale(new() { Wait = false }, "orders", count, target, new ReportLog(), new JumpingTime())
        {
            Confirm = (action, _) => throw Errors.NotConfirmed(action, "orders", "no"),
        };

        var run = () => scale.RunAsync(CancellationToken.None);

        if (isAsked)
            (await run.Should().ThrowAsync<EcsReleaseException>()).Which.Message.Should().Contain("Scale 'orders' in cluster 'default'").And.Contain("from 1 to 2 tasks");
        else
            await run.Should().NotThrowAsync();
        target.Operations.Should().NotContain("UpdateService");
    }

    private static ScriptedTarget Scripted(string member, string? then = null)
    {
        var service = (JsonObject)JsonNode.Parse("""{"serviceName":"orders","status":"ACTIVE","desiredCount":1,"runningCount":1,"deployments":[{"id":"ecs-svc/7","status":"PRIMARY","taskDefinition":"orders:7","rolloutState":"COMPLETED"}]}""")!;
        foreach (var (name, value) in (JsonObject)JsonNode.Parse(member)!)
            service[name] = value?.DeepClone();
        return new($$$"""
            {"DescribeServices":[{"services":[{{{service.ToJsonString()}}}]}{{{(then is null ? "" : $",{then}")}}}],"UpdateService":[{"service":{}}],"ListTasks":[{"taskArns":[]}]}
            """);
    }

    private Task<ScaleRecord> ScaleAsync(int count, ReleaseOptions? options = null) =>
        new Scale(options ?? new() { Timeout = TimeSpan.FromMinutes(1) }, "orders", count, bed.Recorded(), bed.Reporter, TimeProvider.System).RunAsync(CancellationToken.None);
}

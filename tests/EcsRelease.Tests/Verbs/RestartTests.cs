using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Tests.Deployments;
using EcsRelease.Tests.Tool;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

/// <summary>`restart` on the local AWS.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class RestartTests
{
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
    public async Task All_tasks_are_replaced_and_the_revision_stays()
    {
        var (before, revision) = (await TasksAsync(), (await bed.RevisionsAsync()).Single());

        var record = await RestartAsync();

        (record.Outcome, record.TaskDefinition, record.Message).Should().Be((ReleaseOutcome.Succeeded, revision, "restarted orders:1"));
        (await TasksAsync()).Should().NotIntersectWith(before);
        (await bed.RevisionsAsync()).Should().ContainSingle();
        (await bed.DeploymentsAsync()).Should().Be(2);
    }

    [Test]
    public async Task A_lost_answer_begins_one_deployment()
    {
        await bed.FaultAsync("UpdateService", "loseAnswer");

        var record = await RestartAsync();

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        (await bed.DeploymentsAsync()).Should().Be(2);
    }

    [Test]
    public async Task A_restart_whose_image_is_gone_ends_with_the_report_of_a_failed_release()
    {
        var image = (string)(await bed.RevisionAsync((await bed.RevisionsAsync())[0]))["taskDefinition"]!["containerDefinitions"]![0]!["image"]!;
        var tag = image.Split(':')[^1];
        await bed.Client(AwsService.Ecr).CallAsync("BatchDeleteImage", new() { ["repositoryName"] = "orders", ["imageIds"] = new JsonArray(new JsonObject { ["imageTag"] = tag }) }, CancellationToken.None);

        var record = await RestartAsync();

        record.Outcome.ExitCode().Should().BeOneOf([6, 7], record.Message);
        record.Message.Should().Contain("not found");
        record.Evidence!.Tasks.Should().NotBeEmpty();
    }

    [Test]
    public async Task A_deployment_in_progress_is_waited_for_or_refused_by_choice()
    {
        bed.Commit("second");
        (await bed.ReleaseAsync(new() { Wait = false })).Outcome.Should().Be(ReleaseOutcome.Started);

        var refused = () => RestartAsync(new() { OnConflict = ConflictPolicy.Fail });
        (await refused.Should().ThrowAsync<EcsReleaseException>()).Which.Code.Should().Be("ECSR5101");
        var waited = await RestartAsync();

        (waited.Outcome, waited.TaskDefinition).Should().Be((ReleaseOutcome.Succeeded, (await bed.RevisionsAsync())[0]));
        (await bed.DeploymentsAsync()).Should().Be(3);
    }

    [Test]
    public async Task It_is_asked_before_tasks_are_replaced()
    {
        var restart = new Restart(new(), "orders", bed.Recorded(), bed.Reporter, TimeProvider.System) { Confirm = (action, _) => throw Errors.NotConfirmed(action, "orders", null) };

        (await FluentActions.Awaiting(() => restart.RunAsync(CancellationToken.None)).Should().ThrowAsync<EcsReleaseException>())
            .Which.Message.Should().Contain("Replace the 1 task of 'orders' in cluster 'default'").And.Contain("orders:1");
        (await bed.DeploymentsAsync()).Should().Be(1);
    }

    [TestCase("""{"deploymentController":{"type":"CODE_DEPLOY"}}""", "ECSR5272")]
    [TestCase("""{"resourceManagementType":"ECS"}""", "ECSR5272")]
    [TestCase("""{"tags":[{"key":"aws:cloudformation:stack-name","value":"shop"}]}""", "ECSR5281")]
    public async Task What_is_not_restarted_by_ECS_is_refused(string member, string code)
    {
        var service = (JsonObject)JsonNode.Parse("""{"serviceName":"orders","status":"ACTIVE","desiredCount":1,"runningCount":1,"deployments":[{"id":"ecs-svc/7","status":"PRIMARY","taskDefinition":"orders:7","rolloutState":"COMPLETED"}]}""")!;
        foreach (var (name, value) in (JsonObject)JsonNode.Parse(member)!)
            service[name] = value?.DeepClone();
        var target = new ScriptedTarget($$"""{"DescribeServices":[{"services":[{{service.ToJsonString()}}]}]}""");

        var restart = () => new Restart(new() { Owned = OwnedPolicy.Refuse }, "orders", target, new ReportLog(), new JumpingTime()).RunAsync(CancellationToken.None);

        (await restart.Should().ThrowAsync<EcsReleaseException>()).Which.Code.Should().Be(code);
        target.Operations.Should().Equal("DescribeServices");
    }

    private async Task<List<string>> TasksAsync() =>
        [.. (await bed.Ecs.ListTasksAsync(new() { ["serviceName"] = "orders" }, CancellationToken.None)).Texts("taskArns")];

    private Task<ReleaseRecord> RestartAsync(ReleaseOptions? options = null) =>
        new Restart((options ?? new()) with { Timeout = TimeSpan.FromMinutes(1) }, "orders", bed.Recorded(), bed.Reporter, TimeProvider.System).RunAsync(CancellationToken.None);
}

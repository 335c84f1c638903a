namespace EcsRelease.Tests.Verbs;

/// <summary>What others did to the service between the plan and the update.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class MovedServiceTests
{
    private const string Unknown = "abcdefabcdefabcdefabcdefabcdefabcdefabcd";

    private EngineBed bed = null!;

    [SetUp]
    public async Task SetUp() => bed = await EngineBed.StartAsync();

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task A_newer_commit_that_became_live_is_not_undone()
    {
        await bed.ReleaseAsync();
        bed.Commit("second");

        var record = await bed.ReleaseAsync(new(), async () =>
        {
            bed.Commit("third");
            await bed.ReleaseAsync();
        });

        (record.Outcome, record.Code).Should().Be((ReleaseOutcome.Refused, "ECSR2008"));
    }

    [Test]
    public async Task A_commit_that_this_clone_lacks_is_warned_of_and_its_changes_are_kept()
    {
        await bed.ReleaseAsync();
        bed.Commit("second");
        var theirs = "";

        var record = await bed.ReleaseAsync(new() { TaskDefinition = "live" }, async () => theirs = await bed.DeployByHandAsync("FROM_OTHER", Unknown));

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        record.Warnings.Should().Contain(warning => warning.Code == "ECSR2009");
        record.Previous.Should().Be(new PreviousRelease(Unknown, theirs));
        var container = (await bed.RevisionAsync(record.TaskDefinition!))["taskDefinition"]!["containerDefinitions"]![0]!;
        container["environment"]!.AsArray().Select(variable => (string?)variable!["name"]).Should().Contain("FROM_OTHER");
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task What_somebody_changed_by_hand_is_not_gone_over_unseen_and_the_next_run_plans_from_it(bool withTags)
    {
        await bed.ReleaseAsync();
        bed.Commit("second");
        var live = new ReleaseOptions { TaskDefinition = "live" };
        var theirs = "";

        var record = await bed.ReleaseAsync(live, async () => theirs = await bed.EditByHandAsync("BY_HAND", withTags));
        var again = await bed.ReleaseAsync(live);

        (record.Outcome, record.Code).Should().Be((ReleaseOutcome.Refused, "ECSR5110"), record.Message);
        record.Message.Should().Contain(theirs).And.Contain("which no release made");
        again.Outcome.Should().Be(ReleaseOutcome.Succeeded, again.Message);
        again.Previous!.TaskDefinition.Should().Be(theirs);
    }

    [Test]
    public async Task Another_release_of_this_clone_is_the_new_base()
    {
        await bed.ReleaseAsync();
        bed.Commit("second");

        var record = await bed.ReleaseAsync(new(), async () => await bed.ReleaseAsync(new() { EnvironmentVariables = [new("LOG_LEVEL", "debug")] }));

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        bed.Reporter.Lines.Should().Contain(line => line.EndsWith("became live in the meantime", StringComparison.Ordinal));
    }

    [Test]
    public async Task A_service_that_was_deleted_is_not_created_again()
    {
        await bed.ReleaseAsync();
        bed.Commit("second");

        var record = await bed.ReleaseAsync(new(), bed.DeleteServiceAsync);

        (record.Outcome, record.Code).Should().Be((ReleaseOutcome.ServiceDeleted, "ECSR5004"));
        (await bed.RevisionsAsync()).Should().HaveCount(1, "nothing was registered for it");
    }

    [Test]
    public async Task Two_commits_that_create_the_service_at_once_end_with_the_newer_one()
    {
        Task<ReleaseRecord>? newer = null;
        var older = await bed.ReleaseAsync(new(), async () =>
        {
            bed.Commit("second");
            var planned = new TaskCompletionSource();
            newer = bed.ReleaseAsync(new(), () =>
            {
                planned.SetResult();
                return Task.CompletedTask;
            });
            await planned.Task;
        });

        (await newer!).Outcome.Should().Be(ReleaseOutcome.Succeeded, newer!.Result.Message);
        if (older.Outcome != ReleaseOutcome.Succeeded)
            (older.Outcome, older.Code).Should().Be((ReleaseOutcome.Refused, "ECSR2008"), older.Message);
        var service = await bed.Ecs.DescribeServicesAsync(new() { ["services"] = new System.Text.Json.Nodes.JsonArray("orders") }, CancellationToken.None);
        ((string?)service["services"]![0]!["taskDefinition"]).Should().Be(newer.Result.TaskDefinition);
    }
}

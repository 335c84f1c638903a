using EcsRelease.Tests.Tool;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

/// <summary>Going back while a deployment is in progress: first and second are good, third is being rolled out.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class RunningRollbackTests
{
    private EngineBed bed = null!;
    private ReleaseRecord first = null!;
    private ReleaseRecord second = null!;
    private ReleaseRecord third = null!;

    [SetUp]
    public async Task SetUp()
    {
        bed = await EngineBed.StartAsync(("HEALTHY_AFTER", "1500ms"));
        first = await bed.GoodAsync("first");
        second = await bed.GoodAsync("second");
        third = await bed.ReleaseAsync("third", isBad: false, new() { Wait = false });
        third.Outcome.Should().Be(ReleaseOutcome.Started, third.Message);
    }

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task Without_a_name_the_deployment_is_undone_and_nothing_more()
    {
        var record = await bed.RollbackAsync();

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        record.Message.Should().Be("rolled back from orders:3");
        record.TaskDefinition.Should().Be(second.TaskDefinition);
        (await bed.DeploymentsAsync()).Should().Be(3, "a rollback is no deployment of its own");
    }

    [Test]
    public async Task Undone_once_more_it_goes_no_further()
    {
        await bed.RollbackAsync();

        var error = await bed.RefusedRollbackAsync();

        error.Code.Should().Be("ECSR5204");
        (await bed.LiveAsync()).Should().Be(second.TaskDefinition);
    }

    [Test]
    public async Task What_somebody_else_began_after_the_look_is_not_undone()
    {
        var theirs = "";
        bed.Reporter.OnLine = line =>
        {
            if (theirs.Length > 0 || !line.StartsWith("Rollback of", StringComparison.Ordinal))
                return;
            bed.SettledAsync(third.TaskDefinition!).GetAwaiter().GetResult();
            theirs = bed.EditByHandAsync("FIX").GetAwaiter().GetResult();
        };

        var error = (await FluentActions.Awaiting(() => bed.RollbackAsync()).Should().ThrowAsync<EcsReleaseException>()).Which;

        (error.Code, error.Outcome).Should().Be(("ECSR5110", ReleaseOutcome.Refused), error.Message);
        await bed.SettledAsync(theirs);
    }

    [Test]
    public async Task With_a_name_its_end_is_waited_for()
    {
        var record = await bed.RollbackAsync(first.Commit);

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        record.TaskDefinition.Should().Be(first.TaskDefinition);
        record.Previous!.TaskDefinition.Should().Be(third.TaskDefinition);
        bed.Reporter.Lines.Should().Contain("Turn: Waiting for the deployment of orders:3 to end");
        (await StatesAsync()).Should().Equal("SUCCESSFUL", "SUCCESSFUL", "SUCCESSFUL", "SUCCESSFUL");
    }

    [Test]
    public async Task It_can_be_replaced()
    {
        var record = await bed.RollbackAsync(first.Commit, new() { OnConflict = ConflictPolicy.Supersede });

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        record.TaskDefinition.Should().Be(first.TaskDefinition);
        (await StatesAsync()).Should().Equal("SUCCESSFUL", "SUCCESSFUL", "STOPPED", "SUCCESSFUL");
    }

    [Test]
    public async Task It_can_be_stopped_first()
    {
        var record = await bed.RollbackAsync(first.Commit, stopFirst: true);

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        record.TaskDefinition.Should().Be(first.TaskDefinition);
        (await StatesAsync()).Should().Equal("SUCCESSFUL", "SUCCESSFUL", "ROLLBACK_SUCCESSFUL", "SUCCESSFUL");
    }

    [Test]
    public async Task Stopping_it_first_is_enough_where_that_leads_to_the_named_release()
    {
        var record = await bed.RollbackAsync(second.Commit, stopFirst: true);

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        record.Message.Should().Be("rolled back from orders:3 to orders:2, its deployment was stopped");
        (await StatesAsync()).Should().Equal("SUCCESSFUL", "SUCCESSFUL", "ROLLBACK_SUCCESSFUL");
    }

    [Test]
    public async Task It_can_be_a_reason_to_refuse()
    {
        var error = await bed.RefusedRollbackAsync(first.Commit, new() { OnConflict = ConflictPolicy.Fail });

        (error.Code, error.Outcome).Should().Be(("ECSR5101", ReleaseOutcome.Refused));
    }

    [Test]
    public async Task One_of_the_named_release_is_followed()
    {
        var record = await bed.RollbackAsync(third.Commit);

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        record.TaskDefinition.Should().Be(third.TaskDefinition);
        (await bed.DeploymentsAsync()).Should().Be(3);
    }

    [Test]
    public async Task A_rollback_of_somebody_else_is_followed_and_not_undone()
    {
        await bed.RollbackAsync(first.Commit, new() { OnConflict = ConflictPolicy.Supersede, Wait = false });

        var record = await bed.RollbackAsync();

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        record.TaskDefinition.Should().Be(first.TaskDefinition);
        (await StatesAsync()).Should().Equal("SUCCESSFUL", "SUCCESSFUL", "STOPPED", "SUCCESSFUL");
    }

    [Test]
    public async Task Stop_undoes_it_and_once_there_is_nothing_more_to_stop_goes_no_further()
    {
        var record = await StopAsync();
        var error = (await FluentActions.Awaiting(StopAsync).Should().ThrowAsync<EcsReleaseException>()).Which;

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        record.TaskDefinition.Should().Be(second.TaskDefinition);
        (error.Code, error.Outcome).Should().Be(("ECSR5131", ReleaseOutcome.Refused));
        (await bed.LiveAsync()).Should().Be(second.TaskDefinition);
    }

    private Task<ReleaseRecord> StopAsync() => new Stop(new(), "orders", bed.Recorded(), new RecordingReporter(), TimeProvider.System).RunAsync(CancellationToken.None);

    /// <summary>Of all deployments, oldest first.</summary>
    private async Task<IEnumerable<string?>> StatesAsync()
    {
        var listed = await bed.Ecs.ListServiceDeploymentsAsync(new() { ["service"] = "orders" }, CancellationToken.None);
        return listed["serviceDeployments"]!.AsArray().OrderBy(each => (double)each!["createdAt"]!).Select(each => (string?)each!["status"]);
    }
}

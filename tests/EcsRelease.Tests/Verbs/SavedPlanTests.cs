using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

/// <summary>`plan --out FILE` and `deploy --plan FILE`: exactly that, or nothing.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class SavedPlanTests
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ecs-release-plan-");
    private EngineBed bed = null!;

    private string File => Path.Combine(folder.FullName, "orders.plan");

    [SetUp]
    public async Task SetUp() => bed = await EngineBed.StartAsync();

    [TearDown]
    public async Task TearDown()
    {
        await bed.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Test]
    public async Task The_release_of_a_saved_plan_is_that_plan()
    {
        await bed.ReleaseAsync();
        bed.Commit("second");

        var record = await bed.ReleaseAsync(await SaveAsync());

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
    }

    [Test]
    public async Task A_plan_file_in_the_tree_is_no_change_of_it()
    {
        var file = Path.Combine(bed.Repository.Root, "orders.plan");
        await SavedPlan.WriteAsync(await bed.PlanAsync(), file, CancellationToken.None);

        var record = await bed.ReleaseAsync(await SavedPlan.ReadAsync(file, CancellationToken.None));

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
    }

    [Test]
    public async Task Another_commit_other_options_or_another_live_revision_are_refused_with_what_differs()
    {
        var first = await bed.ReleaseAsync();
        var saved = await SaveAsync(new() { Force = true });
        bed.Calls.Clear();

        var otherOptions = await bed.ReleaseAsync(saved, new() { Force = true, EnvironmentVariables = [new("LOG_LEVEL", "debug")] });
        var second = bed.Commit("second");
        var otherCommit = await bed.ReleaseAsync(saved, new() { Force = true });
        bed.Repository.Git("checkout", "--quiet", first.Commit!);
        await bed.EditByHandAsync("BY_HAND");
        var otherLive = await bed.ReleaseAsync(saved, new() { Force = true, TaskDefinition = "live" });

        foreach (var refused in new[] { otherOptions, otherCommit, otherLive })
            (refused.Outcome, refused.Code).Should().Be((ReleaseOutcome.Refused, "ECSR5110"), refused.Message);
        otherOptions.Message.Should().Contain("definitionHash: ").And.Contain("definitionChanges[0]: (absent) → 'environment LOG_LEVEL");
        otherCommit.Message.Should().Contain($"commit: '{first.Commit}' → '{second}'").And.EndWith($"Nothing was changed. Make a new plan with the same options: ecs-release plan --out {File}");
        otherLive.Message.Should().Contain("liveTaskDefinition: '").And.Contain("orders:2'");
        bed.Calls.Select(call => call.Operation).Should().NotContain(operation => operation.Contains("Update") || operation.Contains("Register"));
    }

    [Test]
    public async Task Whatever_becomes_live_after_a_saved_plan_stops_its_release()
    {
        await bed.ReleaseAsync();
        bed.Commit("second");

        var record = await bed.ReleaseAsync(await SaveAsync(), afterPlan: () => bed.ReleaseAsync(new() { EnvironmentVariables = [new("LOG_LEVEL", "debug")] }));

        (record.Outcome, record.Code).Should().Be((ReleaseOutcome.Refused, "ECSR5110"), record.Message);
    }

    [Test]
    public async Task The_file_holds_no_values_that_may_be_secret_and_two_plans_of_one_state_are_equal()
    {
        await bed.ReleaseAsync();
        var options = new ReleaseOptions { EnvironmentVariables = [new("API_PASSWORD", "hunter2")] };

        var once = await SaveTextAsync(options);

        (await SaveTextAsync(options)).Should().Be(once);
        once.Should().Contain("API_PASSWORD").And.NotContain("hunter2");
    }

    [TestCase(null, "Could not find file")]
    [TestCase("{", "it is no JSON (line 1)")]
    [TestCase("""{"schema":1,"schema":1,"outcome":"planned"}""", "a member of it is there twice")]
    [TestCase("[]", "its schema is not 1")]
    [TestCase("""{"schema":1,"outcome":"succeeded"}""", "its outcome is not 'planned'")]
    [TestCase("""{"schema":2,"outcome":"planned"}""", "its schema is not 1")]
    public async Task What_is_no_plan_is_refused(string? content, string why)
    {
        if (content is not null)
            await System.IO.File.WriteAllTextAsync(File, content);

        var reading = () => SavedPlan.ReadAsync(File, CancellationToken.None);

        (await reading.Should().ThrowAsync<EcsReleaseException>()).Which.Should().Match<EcsReleaseException>(
            error => error.Code == "ECSR1017" && error.Message.Contains(why) && error.Message.EndsWith($"ecs-release plan --out {File}"));
    }

    [Test]
    public async Task A_place_that_cannot_be_written_is_named()
    {
        var writing = async () => await SavedPlan.WriteAsync(await bed.PlanAsync(), folder.FullName, CancellationToken.None);

        (await writing.Should().ThrowAsync<EcsReleaseException>()).Which.Code.Should().Be("ECSR1018");
    }

    private async Task<SavedPlan> SaveAsync(ReleaseOptions? options = null)
    {
        await SaveTextAsync(options);
        return await SavedPlan.ReadAsync(File, CancellationToken.None);
    }

    private async Task<string> SaveTextAsync(ReleaseOptions? options)
    {
        await SavedPlan.WriteAsync(await bed.PlanAsync(options), File, CancellationToken.None);
        return await System.IO.File.ReadAllTextAsync(File);
    }
}

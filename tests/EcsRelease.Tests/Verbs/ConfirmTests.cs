using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

/// <summary>EcsConfirm: what is asked before a release, and what each answer does.</summary>
[TestFixture, FixtureLifeCycle(LifeCycle.InstancePerTestCase), Parallelizable(ParallelScope.All)]
public sealed class ConfirmTests
{
    private static readonly ReleaseOptions Confirmed = new() { Confirm = true };

    private EngineBed bed = null!;

    [SetUp]
    public async Task SetUp() => bed = await EngineBed.StartAsync();

    [TearDown]
    public async Task TearDown() => await bed.DisposeAsync();

    [Test]
    public async Task The_question_says_what_is_released_where_and_over_what()
    {
        var first = await bed.ReleaseAsync();
        bed.Commit("second");
        bed.Commit("third \e[31mred");
        var asked = new Answer("orders");

        var record = await AskedAsync(Confirmed with { EnvironmentVariables = [new("LOG_LEVEL", "debug")], OnConflict = ConflictPolicy.Wait }, asked);

        record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        var (sha, before) = (record.Commit![..12], first.Commit![..12]);
        asked.Question!.Word.Should().Be("orders");
        asked.Question.Lines.Should().Contain("Release to 'orders' in cluster 'default' (000000000000/us-east-1, target aws):")
            .And.Contain(line => line.StartsWith($"  commit   {sha} third", StringComparison.Ordinal) && line.EndsWith("(main)", StringComparison.Ordinal))
            .And.Contain($"  live     orders:1 ({before}) → a new revision ({sha})")
            .And.Contain("  commits  2 since the live one")
            .And.Contain(line => line.Contains("environment LOG_LEVEL: (absent) → debug"));
        asked.Question.Lines.Should().NotContain(line => line.Contains('\e'));
    }

    [Test]
    public async Task The_warnings_of_the_plan_are_part_of_the_question()
    {
        await bed.ReleaseAsync();
        bed.Commit("second");
        await bed.Ecs.UpdateServiceAsync(new() { ["service"] = "orders", ["desiredCount"] = 0 }, CancellationToken.None);
        var asked = new Answer("no");

        await AskedAsync(Confirmed, asked);

        asked.Question!.Lines.Should().Contain(line => line.StartsWith("  warning ECSR5175", StringComparison.Ordinal));
    }

    [TestCase("y")]
    [TestCase("order")]
    [TestCase("")]
    [TestCase(null)]
    public async Task Anything_but_the_name_of_the_service_changes_nothing(string? typed)
    {
        await bed.ReleaseAsync();
        bed.Commit("second");
        bed.Calls.Clear();

        var record = await AskedAsync(Confirmed, new Answer(typed));

        (record.Outcome, record.Code, record.Outcome.ExitCode()).Should().Be((ReleaseOutcome.Refused, "ECSR5225", 3));
        record.Message.Should().Contain("Nothing was changed").And.Contain("'orders'");
        bed.Calls.Should().NotContain(call => call.Operation == "ecs:RegisterTaskDefinition" || call.Operation == "ecs:UpdateService" || call.Operation.StartsWith("ecr:Put", StringComparison.Ordinal));
    }

    [Test]
    public async Task Ctrl_C_at_the_question_is_a_no()
    {
        await bed.ReleaseAsync();
        bed.Commit("second");
        using var pressed = new CancellationTokenSource();
        var release = bed.Release(Confirmed);
        var plan = await release.PlanAsync(CancellationToken.None);

        var asking = PlanQuestion.ConfirmAsync(plan, new Pressed(pressed), pressed.Token);

        (await asking.Invoking(task => task).Should().ThrowAsync<EcsReleaseException>()).Which.Code.Should().Be("ECSR5225");
    }

    [Test]
    public async Task Where_nobody_can_be_asked_it_is_refused_and_says_how_to_go_on()
    {
        var record = await AskedAsync(Confirmed, new Answer("orders") { CanAsk = false });

        (record.Outcome, record.Code).Should().Be((ReleaseOutcome.Refused, "ECSR5226"));
        record.Message.Should().Contain("--yes").And.Contain("-p:EcsConfirm=false").And.Contain("--plan FILE");
        (await bed.RevisionsAsync()).Should().BeEmpty();
    }

    [Test]
    public async Task A_host_that_does_not_ask_releases_nothing()
    {
        var record = await bed.ReleaseAsync(Confirmed);

        (record.Outcome, record.Code).Should().Be((ReleaseOutcome.Refused, "ECSR5226"));
        (await bed.RevisionsAsync()).Should().BeEmpty();
    }

    [Test]
    public async Task Where_there_is_nothing_to_do_nothing_is_asked()
    {
        await bed.ReleaseAsync();
        var asked = new Answer("no");

        var record = await AskedAsync(Confirmed, asked);

        record.Outcome.Should().Be(ReleaseOutcome.Unchanged, record.Message);
        asked.Question.Should().BeNull();
    }

    [Test]
    public async Task A_plan_that_was_saved_was_agreed_to()
    {
        var file = Path.Combine(bed.Repository.Root, "..", Path.GetFileName(bed.Repository.Root) + ".plan.json");
        try
        {
            await SavedPlan.WriteAsync(await bed.PlanAsync(Confirmed), file, CancellationToken.None);

            var record = await bed.ReleaseAsync(await SavedPlan.ReadAsync(file, CancellationToken.None), Confirmed);

            record.Outcome.Should().Be(ReleaseOutcome.Succeeded, record.Message);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public async Task What_was_agreed_to_is_not_done_over_another_release()
    {
        await bed.ReleaseAsync();
        bed.Commit("second");
        var release = bed.Release(Confirmed);
        var plan = await PlanQuestion.ConfirmAsync(await release.PlanAsync(CancellationToken.None), new Answer("orders"), CancellationToken.None);
        await bed.ReleaseAsync(new() { EnvironmentVariables = [new("LOG_LEVEL", "debug")] });

        var record = await bed.RunAsync(release, plan, CancellationToken.None);

        (record.Outcome, record.Code).Should().Be((ReleaseOutcome.Refused, "ECSR5110"));
        record.Message.Should().Contain("Run the same command again: it asks anew.");
    }

    private async Task<ReleaseRecord> AskedAsync(ReleaseOptions options, Answer answer)
    {
        var release = bed.Release(options);
        try
        {
            var plan = await PlanQuestion.ConfirmAsync(await release.PlanAsync(CancellationToken.None), answer, CancellationToken.None);
            return await bed.RunAsync(release, plan, CancellationToken.None);
        }
        catch (EcsReleaseException e)
        {
            return release.RecordOf(e);
        }
    }

    private sealed class Answer(string? typed) : IConfirmation
    {
        public bool CanAsk { get; init; } = true;

        public ConfirmationQuestion? Question { get; private set; }

        public Task<string?> AskAsync(ConfirmationQuestion question, CancellationToken cancellationToken)
        {
            Question = question;
            return Task.FromResult(typed);
        }
    }

    private sealed class Pressed(CancellationTokenSource key) : IConfirmation
    {
        public bool CanAsk => true;

        public async Task<string?> AskAsync(ConfirmationQuestion question, CancellationToken cancellationToken)
        {
            await key.CancelAsync();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return null;
        }
    }
}

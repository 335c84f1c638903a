namespace EcsRelease.Tests;

[TestFixture]
public sealed class OutcomeTests
{
    // The table of DESIGN 5 and 14: a promise to scripts.
    private static readonly Dictionary<ReleaseOutcome, (string Word, int ExitCode)> _table = new()
    {
        [ReleaseOutcome.Succeeded] = ("succeeded", 0),
        [ReleaseOutcome.Unchanged] = ("unchanged", 0),
        [ReleaseOutcome.Planned] = ("planned", 0),
        [ReleaseOutcome.Started] = ("started", 0),
        [ReleaseOutcome.HandedOn] = ("handedOn", 0),
        [ReleaseOutcome.Unexpected] = ("unexpected", 1),
        [ReleaseOutcome.Invalid] = ("invalid", 2),
        [ReleaseOutcome.Refused] = ("refused", 3),
        [ReleaseOutcome.BuildFailed] = ("buildFailed", 4),
        [ReleaseOutcome.AwsFailed] = ("awsFailed", 5),
        [ReleaseOutcome.RolledBack] = ("rolledBack", 6),
        [ReleaseOutcome.Failed] = ("failed", 7),
        [ReleaseOutcome.RollbackFailed] = ("rollbackFailed", 7),
        [ReleaseOutcome.ServiceDeleted] = ("serviceDeleted", 7),
        [ReleaseOutcome.Superseded] = ("superseded", 8),
        [ReleaseOutcome.Stopped] = ("stopped", 8),
        [ReleaseOutcome.TimedOut] = ("timedOut", 9),
        [ReleaseOutcome.Paused] = ("paused", 10),
        [ReleaseOutcome.Differs] = ("differs", 11),
        [ReleaseOutcome.HookFailed] = ("hookFailed", 12),
        [ReleaseOutcome.CheckFailed] = ("checkFailed", 13),
        [ReleaseOutcome.Partial] = ("partial", 14),
        [ReleaseOutcome.Cancelled] = ("cancelled", 130),
    };

    [Test]
    public void Every_outcome_has_the_word_and_exit_code_of_the_table()
    {
        _table.Keys.Should().BeEquivalentTo(Enum.GetValues<ReleaseOutcome>());
        foreach (var (outcome, (word, exitCode)) in _table)
            (outcome.Word(), outcome.ExitCode()).Should().Be((word, exitCode));
    }

    [Test]
    public void The_record_names_every_member_also_when_it_is_null()
    {
        var json = new ReleaseRecord { Version = "1.0", StartedAt = DateTimeOffset.UnixEpoch, Outcome = ReleaseOutcome.RolledBack, Target = "aws" }.ToJson();

        json.Should().Contain("\"schema\": 1").And.Contain("\"outcome\": \"rolledBack\"").And.Contain("\"code\": null").And.Contain("\"evidence\": null");
    }
}

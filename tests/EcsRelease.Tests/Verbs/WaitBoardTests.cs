using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

/// <summary>What is reported of several services that are watched at once.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class WaitBoardTests
{
    private readonly Log log = new();
    private readonly WaitBoard board;

    public WaitBoardTests() => board = new(["orders", "billing"], log, TimeSpan.FromMinutes(20));

    [Test]
    public void Each_change_is_a_line_of_its_service_and_the_view_shows_all_that_go_on()
    {
        board.LineOf("billing").Progress(new("1 of 2 tasks running", 1, 2, "tasks"));

        log.Progresses.Should().ContainSingle();
        log.Progresses[0].Text.Should().Be("billing: 1 of 2 tasks running");
        log.Progresses[0].Lines.Should().Equal("orders   looking for its deployment", "billing  1 of 2 tasks running");
        log.Progresses[0].Limit.Should().Be(TimeSpan.FromMinutes(20));
    }

    [Test]
    public void What_did_not_change_is_not_told_again()
    {
        var line = board.LineOf("billing");
        line.Progress(new("1 of 2 tasks running"));
        line.Progress(new("1 of 2 tasks running"));

        log.Progresses.Should().ContainSingle();
    }

    [Test]
    public void A_service_that_has_ended_leaves_the_view_and_is_counted()
    {
        board.LineOf("orders").End(new ReleaseRecord { Version = "1", StartedAt = default, Outcome = ReleaseOutcome.RolledBack, Target = "aws" });

        log.Progresses[^1].Text.Should().Be("orders: rolledBack, 1 of 2 ended");
        log.Progresses[^1].Lines.Should().Equal("billing  looking for its deployment");
        log.Progresses[^1].Done.Should().Be(1);
    }

    [TestCase("(service orders) has started 1 tasks.", "(service orders) has started 1 tasks.")]
    [TestCase("tasks could not be read", "orders: tasks could not be read")]
    public void Lasting_lines_name_their_service_once(string text, string shown)
    {
        board.LineOf("orders").Detail(text);

        log.Details.Should().Equal(shown);
    }

    private sealed class Log : IReporter
    {
        public List<Progress> Progresses { get; } = [];

        public List<string> Details { get; } = [];

        public void Step(ReleaseStep step, string text)
        {
        }

        public void Progress(Progress progress) => Progresses.Add(progress);

        public void Detail(string text) => Details.Add(text);

        public void Warn(Notice warning)
        {
        }
    }
}

using EcsRelease.MSBuild;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Microsoft.Extensions.Time.Testing;

namespace EcsRelease.EndToEndTests;

/// <summary>What a build shows of a release while it runs.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReporterTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void Without_a_terminal_each_change_is_one_line()
    {
        var engine = new RecordingEngine();
        using var reporter = new MSBuildReporter(engine.Messages(), null, _time);

        reporter.Step(ReleaseStep.Rollout, "Waiting for the rollout");
        reporter.Progress(new("0 of 1 tasks healthy"));
        reporter.Progress(new("0 of 1 tasks healthy"));
        reporter.Progress(new("1 of 1 tasks healthy"));

        engine.Lines.Should().Equal("Waiting for the rollout", "  0 of 1 tasks healthy", "  1 of 1 tasks healthy");
    }

    [Test]
    public void Without_a_terminal_a_line_each_30_seconds_says_that_it_still_works()
    {
        var engine = new RecordingEngine();
        using var reporter = new MSBuildReporter(engine.Messages(), null, _time);
        reporter.Step(ReleaseStep.Rollout, "Waiting for the rollout");
        reporter.Progress(new("0 of 1 tasks healthy"));

        _time.Advance(TimeSpan.FromSeconds(29));
        engine.Lines.Should().HaveCount(2);
        _time.Advance(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(30));
        _time.Advance(TimeSpan.FromSeconds(30));

        engine.Lines.Skip(2).Should().Equal("  0 of 1 tasks healthy (30 s)", "  0 of 1 tasks healthy (1 min 0 s)", "  0 of 1 tasks healthy (1 min 30 s)");
    }

    [Test]
    public void On_a_terminal_the_lines_are_drawn_in_place_and_erased_at_the_end()
    {
        var engine = new RecordingEngine();
        using var terminal = new StringWriter();
        var reporter = new MSBuildReporter(engine.Messages(), new LiveRegion(terminal, () => 40), _time);
        reporter.Step(ReleaseStep.Rollout, "Waiting");
        _time.Advance(TimeSpan.FromSeconds(2));
        reporter.Progress(new("1 of 2 healthy", Lines: ["a line of the service that is longer than the terminal is wide", "with \e[31mcolour"]));

        terminal.ToString().Should().EndWith("\r\e[J  Waiting (2 s): 1 of 2 healthy\n    a line of the service that is long…\n    with  [31mcolour\e[2F");
        reporter.Dispose();
        terminal.ToString().Should().EndWith("\e[2F\r\e[J");
        engine.Lines.Should().BeEmpty();
    }

    [Test]
    public void A_low_terminal_shows_the_lines_that_it_can_draw_over_and_the_limit_beside_the_time()
    {
        using var terminal = new StringWriter();
        using var reporter = new MSBuildReporter(new RecordingEngine().Messages(), new LiveRegion(terminal, () => 80, () => 3), _time);
        reporter.Step(ReleaseStep.Rollout, "Waiting");

        reporter.Progress(new("1 of 2 healthy", Lines: ["first", "second", "third"], Limit: TimeSpan.FromMinutes(20)));

        terminal.ToString().Should().EndWith("\r\e[J  Waiting (0 s of 20 min): 1 of 2 healthy\n    first\e[1F");
    }

    [Test]
    public void Bytes_are_counted_in_readable_units_and_tasks_only_in_words()
    {
        using var terminal = new StringWriter();
        using var reporter = new MSBuildReporter(new RecordingEngine().Messages(), new LiveRegion(terminal, () => 80), _time);
        reporter.Step(ReleaseStep.Push, "Pushing to orders");

        reporter.Progress(new("sending", 18_193, 3_400_000, "bytes"));
        terminal.ToString().Should().EndWith("Pushing to orders (0 s): sending (18.2 KB of 3.4 MB)\r");
        reporter.Progress(new("1 of 1 tasks running", 1, 1, "tasks"));
        terminal.ToString().Should().EndWith("(0 s): 1 of 1 tasks running\r");
    }

    [Test]
    public void After_the_task_has_ended_nothing_is_written()
    {
        var engine = new RecordingEngine();
        var reporter = new MSBuildReporter(engine.Messages(), null, _time);
        reporter.Step(ReleaseStep.Push, "Pushing");
        reporter.Dispose();

        reporter.Progress(new("late"));
        _time.Advance(TimeSpan.FromMinutes(5));

        engine.Lines.Should().Equal("Pushing");
    }

    [Test]
    public void Warnings_carry_code_and_file()
    {
        var engine = new RecordingEngine();
        using var reporter = new MSBuildReporter(engine.Messages(), null, _time);

        reporter.Warn(new("ECSR9999", "braces {0} stay"));

        engine.Warnings.Should().ContainSingle().Which.Should().Match<BuildWarningEventArgs>(warning =>
            warning.Code == "ECSR9999" && warning.File == "a.csproj" && warning.Message == "braces {0} stay");
    }

    [Test]
    public void The_summary_names_revision_commit_digest_and_place()
    {
        var record = new ReleaseRecord
        {
            Version = "1", StartedAt = default, Outcome = ReleaseOutcome.Succeeded, Target = "local", Cluster = "default", Service = "orders",
            Commit = "0123456789abcdef0123456789abcdef01234567", Digest = "sha256:0123456789abcdef",
            TaskDefinition = "arn:aws:ecs:us-east-1:000000000000:task-definition/orders:7",
        };

        ReleaseText.Summary("Orders", record).Should().Be("Orders -> orders:7 0123456 sha256:01234567 on default (local): succeeded");
    }

    [Test]
    public void A_failure_is_one_error_line_with_the_cause_and_then_the_report()
    {
        var engine = new RecordingEngine();
        var record = new ReleaseRecord
        {
            Version = "1", StartedAt = default, Outcome = ReleaseOutcome.RolledBack, Target = "aws", Code = "ECSR5001",
            Message = "'orders' was rolled back to orders:6: container 'app' exited with code 134 (3 tasks), its log says: ::error::boom.",
            Evidence = new()
            {
                Means = "The program ended itself.",
                Next = "Fix the crash and release again.",
                Tasks = [new("abc", "EssentialContainerExited", "Essential container in task exited", [new("app", 134, null, ["::error::boom"])], Count: 3)],
            },
        };

        engine.Messages().Error(record.Code, FailureReport.Of(record));

        engine.Lines.Should().Equal(
            "error 'orders' was rolled back to orders:6: container 'app' exited with code 134 (3 tasks), its log says: ::error::boom.",
            "  means     The program ended itself.",
            "  next      Fix the crash and release again.",
            "  task      abc and 2 more: EssentialContainerExited: Essential container in task exited",
            "            container 'app' exited with 134",
            "              | ::error::boom",
            "  more      ecs-release explain ECSR5001");
    }

    private sealed class RecordingEngine : IBuildEngine
    {
        public List<string> Lines { get; } = [];

        public List<BuildWarningEventArgs> Warnings { get; } = [];

        public bool ContinueOnError => false;

        public int LineNumberOfTaskNode => 0;

        public int ColumnNumberOfTaskNode => 0;

        public string ProjectFileOfTaskNode => "a.csproj";

        public Messages Messages() => new(new TaskLoggingHelper(this, "test"), "a.csproj");

        public void LogMessageEvent(BuildMessageEventArgs e) => Lines.Add(e.Message!);

        public void LogWarningEvent(BuildWarningEventArgs e) => Warnings.Add(e);

        public void LogErrorEvent(BuildErrorEventArgs e) => Lines.Add("error " + e.Message);

        public void LogCustomEvent(CustomBuildEventArgs e) => Lines.Add(e.Message!);

        public bool BuildProjectFile(string projectFileName, string[] targetNames, System.Collections.IDictionary globalProperties, System.Collections.IDictionary targetOutputs) => false;
    }
}

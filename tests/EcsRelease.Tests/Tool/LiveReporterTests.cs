using EcsRelease.Tool.Rendering;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;

namespace EcsRelease.Tests.Tool;

/// <summary>What a person sees on a terminal.</summary>
public sealed class LiveReporterTests
{
    [Test]
    public async Task Lasting_lines_stand_whole_above_the_live_rows()
    {
        using var screen = new TerminalScreen();
        var time = new FakeTimeProvider();
        var reporter = new LiveReporter(Terminal(screen), time);
        reporter.Step(ReleaseStep.Rollout, "Rolling out orders:7 of a service that has a long name");
        reporter.Progress(new("1 of 3 tasks running", Lines: ["(service orders) has started 1 tasks: (task 0123456789).", "another line of the service"]));
        Drawn(screen, time, "another line");

        reporter.Detail("short");
        reporter.Warn(new("ECSR5108", "off"));
        await reporter.DisposeAsync();
        Terminal(screen).WriteLine("Follow it: ecs-release wait");

        var rows = screen.Rows;
        rows.Take(2).Should().Equal("short", "warning ECSR5108: off");
        rows[2].Should().StartWith("· rollout ").And.EndWith("long name");
        rows.Skip(3).TakeWhile(row => row != "Follow it: ecs-release wait").Should().OnlyContain(row => row.Length == 0, "no row of the live view is left");
        rows.Should().Contain("Follow it: ecs-release wait");
    }

    [Test]
    public async Task Lines_may_come_while_the_view_is_redrawn()
    {
        using var screen = new TerminalScreen();
        var time = new FakeTimeProvider();
        var reporter = new LiveReporter(Terminal(screen), time);
        reporter.Step(ReleaseStep.Rollout, "Rolling out");
        var lines = Task.Run(() =>
        {
            for (var line = 0; line < 2000; line++)
                reporter.Detail($"event {line}");
        });
        var redrawing = Task.Run(() =>
        {
            while (!lines.IsCompleted)
                time.Advance(TimeSpan.FromMilliseconds(120));
        });

        await lines.WaitAsync(TimeSpan.FromSeconds(30));

        await redrawing;
        await reporter.DisposeAsync();
        screen.ToString().Should().Contain("event 1999");
    }

    private static void Drawn(TerminalScreen screen, FakeTimeProvider time, string text) =>
        SpinWait.SpinUntil(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(120));
            return screen.ToString().Contains(text, StringComparison.Ordinal);
        }, TimeSpan.FromSeconds(10)).Should().BeTrue();

    private static IAnsiConsole Terminal(TextWriter screen)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(screen), Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.Yes,
        });
        console.Profile.Width = 100;
        // Else that of the terminal that the tests run on, which may have none (TERM=dumb).
        console.Profile.Height = 30;
        return console;
    }
}

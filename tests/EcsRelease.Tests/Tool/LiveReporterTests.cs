using EcsRelease.Tool.Rendering;
using Microsoft.Extensions.Time.Testing;
using Spectre.Console;
using Spectre.Console.Rendering;

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
        rows.Skip(3).Where(row => row.Length > 0).Should().Equal("Follow it: ecs-release wait");
        rows[3].Should().Be("Follow it: ecs-release wait", "no row of the live view is left");
    }

    [Test]
    public async Task A_line_that_is_written_and_a_redraw_do_not_wait_for_each_other_for_ever()
    {
        using var screen = new TerminalScreen();
        var time = new FakeTimeProvider();
        var console = Terminal(screen);
        var reporter = new LiveReporter(console, time);
        reporter.Step(ReleaseStep.Rollout, "Rolling out");
        console.Pipeline.Attach(new RedrawMeanwhile(time));

        await Task.Run(() => reporter.Detail("an event")).WaitAsync(TimeSpan.FromSeconds(20));

        await reporter.DisposeAsync();
        screen.Rows.Should().Contain("an event");
    }

    /// <summary>Lets a redraw begin while a line is written, once.</summary>
    private sealed class RedrawMeanwhile(FakeTimeProvider time) : IRenderHook
    {
        private static readonly TimeSpan _aRedraw = TimeSpan.FromMilliseconds(300);
        private int _calls;

        public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables)
        {
            // Where a redraw waits for what this line holds nobody can see: it gets time to come so far.
            if (Interlocked.Increment(ref _calls) == 1)
                Task.Run(() => time.Advance(TimeSpan.FromMilliseconds(120))).Wait(_aRedraw);
            return renderables;
        }
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

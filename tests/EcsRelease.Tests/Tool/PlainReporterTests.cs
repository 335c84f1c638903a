using EcsRelease.Tool.Rendering;
using Microsoft.Extensions.Time.Testing;

namespace EcsRelease.Tests.Tool;

public sealed class PlainReporterTests
{
    private readonly FakeTimeProvider time = new();

    [Test]
    public async Task Each_change_is_one_line()
    {
        var printed = await PrintedAsync(reporter =>
        {
            reporter.Step(ReleaseStep.Rollout, "waiting for 'orders'");
            reporter.Progress(new Progress("1 of 3 tasks healthy"));
            reporter.Progress(new Progress("1 of 3 tasks healthy", Lines: ["not shown"]));
            reporter.Progress(new Progress("2 of 3 tasks healthy"));
            reporter.Detail("(service orders) has started 1 tasks.");
            reporter.Warn(new Notice("ECSR5108", "The circuit breaker is off."));
        });

        printed.Should().Equal(
            "rollout: waiting for 'orders'",
            "  1 of 3 tasks healthy",
            "  2 of 3 tasks healthy",
            "  (service orders) has started 1 tasks.",
            "warning ECSR5108: The circuit breaker is off.");
    }

    [Test]
    public async Task A_long_silence_is_broken_every_half_minute()
    {
        var printed = await PrintedAsync(reporter =>
        {
            reporter.Step(ReleaseStep.Rollout, "waiting for 'orders'");
            time.Advance(TimeSpan.FromSeconds(29));
            reporter.Progress(new Progress("1 of 3 tasks healthy"));
            time.Advance(TimeSpan.FromSeconds(29));
            time.Advance(TimeSpan.FromSeconds(1));
        });

        printed.Should().Equal("rollout: waiting for 'orders'", "  1 of 3 tasks healthy", "  still 1 of 3 tasks healthy (00:59)");
    }

    [Test]
    public async Task Bytes_are_counted_in_readable_units() =>
        (await PrintedAsync(reporter => reporter.Progress(new Progress("pushing", 18_193, 3_400_000, "bytes"))))
            .Should().Equal("  pushing (18.2 KB of 3.4 MB)");

    [Test]
    public async Task Long_lines_are_not_broken() =>
        (await PrintedAsync(reporter => reporter.Detail(new string('x', 500)))).Should().Equal("  " + new string('x', 500));

    private async Task<string[]> PrintedAsync(Action<StepReporter> report)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        await using (var reporter = StepReporter.Create(Consoles.Create(writer), time))
            report(reporter);
        return writer.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
    }
}

using EcsRelease.History;
using EcsRelease.Tool.Commands;
using EcsRelease.Tool.Rendering;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Tool;

public sealed class HistoryTests
{
    private const string Family = "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders";
    private static readonly DateTimeOffset Now = new(2026, 1, 10, 12, 0, 0, TimeSpan.Zero);

    private static readonly HistoryDocument Document = new()
    {
        Version = "1.0.0",
        Target = "aws",
        Account = "123456789012",
        Region = "eu-west-1",
        Cluster = "production",
        Service = "orders",
        ReadAt = Now,
        LiveTaskDefinition = $"{Family}:7",
        DeploymentsSince = Now - TimeSpan.FromDays(90),
        HasMore = true,
        Warnings = [Errors.HistoryUnread("orders", ["orders:2: gone"])],
        Releases =
        [
            new()
            {
                TaskDefinition = $"{Family}:8", Revision = 8, Commit = new string('8', 40), Branch = "main", Actor = "arn:aws:sts::123456789012:assumed-role/Deployer/jane",
                Subject = "Round totals to the cent, in all of the currencies that we take", Image = "host/orders:" + new string('8', 40), Digest = "sha256:" + new string('b', 64),
                ServiceDeployment = "arn:aws:ecs:eu-west-1:123456789012:service-deployment/production/orders/d8", At = Now - TimeSpan.FromHours(3), EndedAt = Now - TimeSpan.FromHours(2.5),
                End = PastEnd.RolledBack, StatusReason = "Service deployment rolled back because the circuit breaker threshold was exceeded.", IsReleased = true,
            },
            new()
            {
                TaskDefinition = $"{Family}:7", Revision = 7, Commit = new string('7', 40), Image = "host/orders:" + new string('7', 40), ServiceDeployment = "d7",
                At = Now - TimeSpan.FromDays(2), EndedAt = Now - TimeSpan.FromDays(1.5), End = PastEnd.Succeeded, LiveFor = TimeSpan.FromDays(1.5), IsLive = true, IsReleased = false,
            },
            new() { TaskDefinition = $"{Family}:2", Revision = 2, RevisionStatus = "UNREADABLE" },
        ],
    };

    [Test]
    public void The_document_is_a_promise() => new Told(Document).ToJson().Should().Be(
        File.ReadAllText(Path.Combine(Repository.Root, "tests/EcsRelease.Tests/Tool/history.json")).ReplaceLineEndings("\n").TrimEnd());

    [Test]
    public void In_a_file_all_of_it_is_written() => Printed(int.MaxValue / 2).Should().Equal(
        "Releases of 'orders' in cluster 'production' (123456789012/eu-west-1), newest first",
        "   REVISION  COMMIT   SUBJECT                                                          BRANCH  ACTOR  DIGEST        AGE  TIME                  ENDED                 LIVE FOR  MADE",
        "   orders:8  8888888  Round totals to the cent, in all of the currencies that we take  main    jane   bbbbbbbbbbbb  3 h  2026-01-10 09:00 UTC  rolled back",
        "*  orders:7  7777777                                                                                                2 d  2026-01-08 12:00 UTC  succeeded             36 h      by hand",
        "   orders:2                                                                                                                                    unknown (unreadable)",
        "* is live.",
        "There are older ones: --all, or a higher --limit.",
        "ECS keeps the deployments of this service since 2025-10-12 12:00 UTC (at most 90 days): 1 older revision(s) are told by their tags alone, and how they ended is unknown.");

    [TestCase(160, "COMMIT SUBJECT BRANCH ACTOR DIGEST AGE TIME ENDED LIVE MADE")]
    [TestCase(125, "COMMIT SUBJECT BRANCH ACTOR AGE TIME ENDED LIVE MADE")]
    [TestCase(100, "COMMIT SUBJECT BRANCH AGE ENDED LIVE MADE")]
    [TestCase(80, "COMMIT SUBJECT AGE ENDED LIVE MADE")]
    [TestCase(60, "COMMIT AGE ENDED MADE")]
    public void A_narrow_terminal_gets_less_and_no_broken_row(int width, string columns)
    {
        var rows = Printed(width).SkipWhile(row => !row.Contains("COMMIT", StringComparison.Ordinal)).Take(4).ToList();

        rows[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(word => word is not ("REVISION" or "FOR")).Should().Equal(columns.Split(' '));
        rows.Should().OnlyContain(row => row.Length < width);
    }

    [Test]
    public void What_is_live_is_said_also_where_the_limit_left_it_out()
    {
        Printed(100, Document with { LiveTaskDefinition = $"{Family}:5", Releases = [Document.Releases[0]] }).Should().Contain("Live is orders:5, which is not among these.");
        Printed(100, Document with { LiveTaskDefinition = null, Releases = [] }).Should().Contain("Nothing is live: no rollout of this service has ended well.");
    }

    [TestCase("0")]
    [TestCase("-3")]
    [TestCase("many")]
    public async Task A_limit_that_is_no_number_is_refused(string limit)
    {
        var run = await ToolRun.OfAsync("history", "--service", "orders", "--limit", limit);

        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain($"'{limit}'");
    }

    [Test]
    public async Task All_and_a_limit_exclude_each_other() =>
        (await ToolRun.OfAsync("history", "--service", "orders", "--all", "--limit", "3")).ExitCode.Should().Be(2);

    private static string[] Printed(int width, HistoryDocument? document = null)
    {
        using var writer = new StringWriter();
        var console = Consoles.Create(writer);
        console.Profile.Width = width;
        new Told(document ?? Document).Print(console, Consoles.Create(TextWriter.Null));
        return writer.ToString().ReplaceLineEndings("\n").TrimEnd().Split('\n');
    }
}

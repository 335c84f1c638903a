using System.Text.Json;
using EcsRelease.Tests.Deployments;
using EcsRelease.Tool.Commands;
using EcsRelease.Tool.Rendering;
using EcsRelease.Verbs;
using Spectre.Console;

namespace EcsRelease.Tests.Tool;

/// <summary>Several services in one table, and a watch.</summary>
public sealed class StatusManyTests
{
    private const string Revision = """{"taskDefinition":{"family":"orders","revision":1,"containerDefinitions":[{"name":"app","image":"host/orders:3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b"}]},"tags":[]}""";
    private const string Clusters = """{"clusters":[{"status":"ACTIVE"}]}""";
    private const string None = """{"services":[]}""";
    private const string Fault = """{"error":{"code":"ServerException","message":"Service Unavailable.","status":500}}""";

    [Test]
    public async Task Services_are_read_in_one_call_and_a_missing_one_stands_in_its_row()
    {
        var target = Target($$"""{"services":[{{Described("orders", 2)}},{{Described("billing", 1)}}]}""");

        var statuses = await Many(target, ["orders", "nobody", "billing"]).ReadAsync(CancellationToken.None);

        target.Operations.Count(operation => operation == "DescribeServices").Should().Be(1);
        statuses.Select(each => (each.Service, each.State, each.Running, each.Code)).Should().Equal(
            ("orders", "ACTIVE", 2, null), ("nobody", "MISSING", 0, "ECSR4010"), ("billing", "ACTIVE", 1, null));
        var shown = new ShownMany(statuses, DateTimeOffset.UnixEpoch);
        shown.ExitCode.Should().Be(ReleaseOutcome.Partial.ExitCode());
        using var document = JsonDocument.Parse(shown.ToJson());
        document.RootElement.GetProperty("schema").GetInt32().Should().Be(1);
        document.RootElement.GetProperty("services").EnumerateArray().Select(each => each.GetProperty("state").GetString()).Should().Equal("ACTIVE", "MISSING", "ACTIVE");
        target.OpenAccesses.Should().Be(0);
    }

    [Test]
    public async Task The_table_has_a_line_for_each()
    {
        var statuses = await Many(Target($$"""{"services":[{{Described("orders", 2)}}]}"""), ["orders", "nobody"]).ReadAsync(CancellationToken.None);
        using var writer = new StringWriter();
        using var errors = new StringWriter();

        new ShownMany(statuses, new DateTimeOffset(2026, 1, 1, 5, 0, 0, TimeSpan.Zero)).Print(Consoles.Create(writer), Consoles.Create(errors));

        var lines = writer.ToString().ReplaceLineEndings("\n").TrimEnd().Split('\n');
        lines[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Should().Equal("SERVICE", "STATE", "TASKS", "COMMIT", "SUBJECT", "REVISION", "DEPLOYMENT", "AGE");
        lines[2].Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Should().Equal("orders", "ACTIVE", "2/2", "3f2a91c", "orders:1", "COMPLETED", "5 h");
        lines[3].Should().StartWith("nobody   MISSING").And.Contain("ECSR4010");
        errors.ToString().Should().Contain("ECSR4010: Service 'nobody' does not exist");
    }

    [Test]
    public async Task All_missing_is_the_exit_code_of_missing()
    {
        var statuses = await Many(Target(None), ["a", "b"]).ReadAsync(CancellationToken.None);

        new ShownMany(statuses, DateTimeOffset.UnixEpoch).ExitCode.Should().Be(ReleaseOutcome.Refused.ExitCode());
    }

    [Test]
    public async Task Elsewhere_than_on_a_terminal_a_watch_writes_a_line_for_each_change_until_the_service_is_gone()
    {
        var lines = await WatchedAsync(isJson: false, Of(2), Of(2), Of(1), Of(1), None);

        lines.Should().HaveCount(2);
        lines[0].Should().MatchRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ orders: ACTIVE, 2 of 2 tasks run, 3f2a91c orders:1, COMPLETED$");
        lines[1].Should().Contain("1 of 2 tasks run");
    }

    [Test]
    public async Task With_json_a_watch_writes_a_document_of_one_line_for_each_change() =>
        (await WatchedAsync(isJson: true, Of(2), Of(2), Of(1), None)).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("running").GetInt32()).Should().Equal(2, 1);

    [Test]
    public async Task A_fault_of_a_moment_is_told_once_and_does_not_end_a_watch()
    {
        var lines = await WatchedAsync(isJson: false, Of(2), Fault, Fault, Of(2), Of(1), None);

        lines.Should().HaveCount(3);
        lines[1].Should().StartWith("warning ECSR5203").And.Contain("Service Unavailable.");
        lines[2].Should().Contain("1 of 2 tasks run");
    }

    [Test]
    public async Task What_fails_at_once_is_not_watched()
    {
        await FluentActions.Awaiting(() => WatchedAsync(isJson: false, Fault, Of(2))).Should().ThrowAsync<EcsReleaseException>().Where(error => error.Code == "ECSR4009");
    }

    [Test]
    public async Task On_a_terminal_the_view_stays_until_it_is_cancelled()
    {
        using var screen = new TerminalScreen();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(screen), Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.Yes });
        (console.Profile.Width, console.Profile.Height) = (100, 30);
        using var cancel = new CancellationTokenSource();

        var watch = new StatusWatch(Many(Target(Of(2)), ["orders"]), isSingle: true, isLive: true, isJson: false, console, screen, TimeProvider.System).RunAsync(cancel.Token);
        SpinWait.SpinUntil(() => screen.ToString().Contains("2 of 2 tasks run", StringComparison.Ordinal), TimeSpan.FromSeconds(20)).Should().BeTrue();
        await cancel.CancelAsync();

        await FluentActions.Awaiting(() => watch.WaitAsync(TimeSpan.FromSeconds(20))).Should().ThrowAsync<OperationCanceledException>();
        screen.Rows.Should().Contain(row => row.StartsWith("Service 'orders'", StringComparison.Ordinal)).And.Contain("Ctrl-C ends this view.");
    }

    private static async Task<string[]> WatchedAsync(bool isJson, params string[] looks)
    {
        using var writer = new StringWriter();
        var target = Target(looks);
        var statuses = new StatusMany(new ReleaseOptions { Cluster = "production" }, ["orders"], target, null, warning => writer.WriteLine($"warning {warning.Code}: {warning.Message}"), new JumpingTime());
        try
        {
            await new StatusWatch(statuses, isSingle: true, isLive: false, isJson, Consoles.Create(TextWriter.Null), writer, TimeProvider.System).RunAsync(CancellationToken.None);
        }
        catch (EcsReleaseException missing) when (missing.Code == "ECSR4010")
        {
        }
        target.OpenAccesses.Should().Be(0);
        return writer.ToString().ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static StatusMany Many(ScriptedTarget target, IReadOnlyList<string> services) =>
        new(new ReleaseOptions { Cluster = "production" }, services, target, null, _ => { }, TimeProvider.System);

    private static string Of(int running) => $$"""{"services":[{{Described("orders", running)}}]}""";

    private static string Described(string service, int running) => $$"""
        {"serviceName":"{{service}}","status":"ACTIVE","taskDefinition":"arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:1","desiredCount":2,"runningCount":{{running}},"pendingCount":0,
         "deployments":[{"id":"ecs-svc/1","status":"PRIMARY","taskDefinition":"arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:1","rolloutState":"COMPLETED","createdAt":1767225600}]}
        """;

    private static ScriptedTarget Target(params string[] looks) =>
        new($$"""{"DescribeServices":[{{string.Join(',', looks)}}],"DescribeClusters":[{{Clusters}}],"DescribeTaskDefinition":[{{Revision}}]}""");
}

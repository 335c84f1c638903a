using EcsRelease.Tool.Commands;
using EcsRelease.Tool.Rendering;

namespace EcsRelease.Tests.Tool;

/// <summary>`ecs-release wait orders billing`: what it prints and exits with.</summary>
public sealed class ReleasedManyTests
{
    private static readonly ReleaseRecord _orders = Record("orders", ReleaseOutcome.Succeeded) with { TaskDefinition = "arn:aws:ecs:eu-west-1:123456789012:task-definition/orders:7", Commit = "3f2a91c0d4b5e6f708192a3b4c5d6e7f80912a3b" };

    private static readonly ReleaseRecord _billing = Record("billing", ReleaseOutcome.RolledBack) with
    {
        TaskDefinition = "arn:aws:ecs:eu-west-1:123456789012:task-definition/billing:12", Code = "ECSR5001", Message = "'billing' was rolled back to billing:11: circuit breaker tripped.",
    };

    [Test]
    public void People_read_one_table_and_below_it_why_some_failed()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        new ReleasedMany([_orders, _billing]).Print(Consoles.Create(output), Consoles.Create(error));

        output.ToString().ReplaceLineEndings("\n").Should().Be("""
            orders   succeeded       orders:7 3f2a91c
            billing  rolledBack      billing:12            ECSR5001

            """.ReplaceLineEndings("\n"));
        error.ToString().Should().Contain("ECSR5001: 'billing' was rolled back to billing:11: circuit breaker tripped.").And.NotContain("orders");
    }

    [Test]
    public void The_document_is_the_wrapper_also_of_one()
    {
        using var document = System.Text.Json.JsonDocument.Parse(new ReleasedMany([_orders]).ToJson());

        document.RootElement.EnumerateObject().Select(member => member.Name).Should().Equal("schema", "releases");
        document.RootElement.GetProperty("schema").GetInt32().Should().Be(1);
        document.RootElement.GetProperty("releases")[0].GetRawText().Should().Contain("\"outcome\": \"succeeded\"").And.Contain("\"service\": \"orders\"");
    }

    [TestCase(0, ReleaseOutcome.Succeeded, ReleaseOutcome.Unchanged)]
    [TestCase(6, ReleaseOutcome.RolledBack, ReleaseOutcome.RolledBack)]
    [TestCase(7, ReleaseOutcome.Failed, ReleaseOutcome.RollbackFailed)]
    [TestCase(14, ReleaseOutcome.Succeeded, ReleaseOutcome.RolledBack)]
    [TestCase(14, ReleaseOutcome.Failed, ReleaseOutcome.RolledBack)]
    public void The_exit_code_is_the_common_one_or_that_of_partial(int exitCode, ReleaseOutcome first, ReleaseOutcome second) =>
        new ReleasedMany([Record("a", first), Record("b", second)]).ExitCode.Should().Be(exitCode);

    [TestCase("wait", "orders", "./billing")]
    [TestCase("wait", "orders", "billing.csproj")]
    public async Task A_project_among_services_is_refused(params string[] arguments)
    {
        var run = await ToolRun.OfAsync(arguments);

        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain("ECSR1002").And.Contain(arguments[^1]);
    }

    [Test]
    public async Task Records_of_several_services_need_files_of_their_own()
    {
        var run = await ToolRun.OfAsync("wait", "orders", "billing", "--release-record", "release.json");

        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain("ECSR1024").And.Contain("{service}");
    }

    [TestCase("wait", "orders", "--bogus")]
    [TestCase("continue", "--bogus")]
    [TestCase("rollback", "abc1234")]
    [TestCase("rollback", "--on-pause", "exit")]
    public async Task What_a_verb_does_not_know_exits_with_2(params string[] arguments) =>
        (await ToolRun.OfAsync(arguments)).ExitCode.Should().Be(2);

    private static ReleaseRecord Record(string service, ReleaseOutcome outcome) => new()
    {
        Version = "1.0.0", StartedAt = DateTimeOffset.UnixEpoch, Outcome = outcome, Target = "aws", Service = service, Cluster = "production",
    };
}

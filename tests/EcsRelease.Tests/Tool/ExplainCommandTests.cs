namespace EcsRelease.Tests.Tool;

public sealed class ExplainCommandTests
{
    [TestCase("ECSR5001")]
    [TestCase("ecsr5001")]
    [TestCase("5001")]
    public async Task A_code_is_explained_also_in_lower_case_and_by_its_number(string code)
    {
        var run = await ToolRun.OfAsync("explain", code);

        run.ExitCode.Should().Be(0);
        run.Out.Should().StartWith("# ECSR5001: rolled back").And.Contain("## What to do");
    }

    [Test]
    public async Task Without_a_code_all_are_listed_with_their_titles()
    {
        var run = await ToolRun.OfAsync("explain");

        run.ExitCode.Should().Be(0);
        run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveSameCount(ErrorPages.Codes)
            .And.Contain(line => line.StartsWith("ECSR2003: the working tree has changes", StringComparison.Ordinal));
    }

    [Test]
    public async Task An_unknown_code_is_said_to_be_unknown()
    {
        var run = await ToolRun.OfAsync("explain", "ECSR7777");

        run.ExitCode.Should().Be(2);
        run.Out.Should().BeEmpty();
        run.Error.Should().Contain("'ECSR7777'").And.Contain("ecs-release explain");
    }
}

using System.CommandLine;
using EcsRelease.Tool.Commands;

namespace EcsRelease.Tests.Tool;

/// <summary>`--confirm` and `--yes` of the tool, where there is no terminal.</summary>
public sealed class ConfirmationTests
{
    [Test]
    public void Yes_takes_the_question_away_and_nothing_else()
    {
        var command = new Command("deploy");
        var confirmation = Confirmation.AddTo(command);
        var options = new ReleaseOptions { Confirm = true, Cluster = "production" };

        confirmation.Applied(command.Parse("--yes"), options).Should().Be(options with { Confirm = false });
        confirmation.Applied(command.Parse("-y"), options).Confirm.Should().BeFalse();
        confirmation.Applied(command.Parse(""), options).Should().Be(options);
    }

    [TestCase("deploy")]
    [TestCase("rollback")]
    [TestCase("stop")]
    [TestCase("scale")]
    [TestCase("restart")]
    public async Task Help_names_both(string verb)
    {
        var help = await ToolRun.OfAsync(verb, "--help");

        help.Out.Should().Contain("--confirm").And.Contain("-y, --yes");
    }
}

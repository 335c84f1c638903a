using System.Text.Json;
using EcsRelease.Options;

namespace EcsRelease.Tests.Tool;

public sealed class CommandLineTests
{
    [TestCase("deploy")]
    [TestCase("plan")]
    public async Task Help_describes_every_option(string verb)
    {
        var run = await ToolRun.OfAsync(verb, "--help");

        run.ExitCode.Should().Be(0);
        foreach (var option in OptionReader.All.Where(option => option.Flag is not null && (verb == "deploy" || option.Flag != "--release-record")))
            run.Out.Should().Contain(option.Description).And.Contain(option.Flag == "--wait" ? "--no-wait" : option.Flag);
    }

    [Test]
    public async Task Help_of_a_switch_that_is_inverted_says_what_the_flag_does() =>
        (await ToolRun.OfAsync("deploy", "--help")).Out.Should().MatchRegex(@"--no-wait\s+do not wait for the rollout's end");

    [TestCase("plan", "--release-record")]
    [TestCase("status", "--release-record")]
    [TestCase("status", "--timeout")]
    [TestCase("diff", "--timeout")]
    [TestCase("init", "--env")]
    [TestCase("rollback", "--allow-older")]
    [TestCase("stop", "--on-conflict")]
    public async Task A_verb_takes_no_flag_that_would_do_nothing(string verb, string flag)
    {
        (await ToolRun.OfAsync(verb, "--help")).Out.Should().NotContain(flag);
        (await ToolRun.OfAsync(verb, flag, "1m")).ExitCode.Should().Be(2);
    }

    [Test]
    public async Task Help_names_every_verb()
    {
        var run = await ToolRun.OfAsync("--help");

        run.Out.Should().ContainAll("deploy", "plan", "diff", "init", "wait", "continue", "rollback", "stop", "status", "history", "verify", "permissions", "explain", "local");
    }

    [Test]
    public async Task The_version_is_that_of_the_package() =>
        (await ToolRun.OfAsync("--version")).Out.Trim().Should().MatchRegex(@"^\d+\.\d+");

    [TestCase("deploy", "--bogus")]
    [TestCase("deploy", "--bogus", "value")]
    [TestCase("plan", "project.csproj", "--bogus")]
    [TestCase("status", "--bogus")]
    [TestCase("explain", "ECSR1001", "ECSR1002")]
    [TestCase("nonsense")]
    [TestCase]
    public async Task A_command_line_that_means_nothing_exits_with_2_and_says_where_help_is(params string[] arguments)
    {
        var run = await ToolRun.OfAsync(arguments);

        run.ExitCode.Should().Be(2);
        run.Out.Should().BeEmpty();
        run.Error.Should().Contain("--help");
    }

    [Test]
    public async Task An_unknown_flag_is_quoted() =>
        (await ToolRun.OfAsync("deploy", "--bogus", "value")).Error.Should().Contain("'--bogus'").And.NotContain("'value'");

    [Test]
    public async Task A_mistyped_flag_is_told_its_neighbour() =>
        (await ToolRun.OfAsync("deploy", "--clustr", "production")).Error.Should().Contain("Did you mean '--cluster'?");

    [TestCase("local", "env", "--shell", "fish")]
    [TestCase("local", "open")]
    [TestCase("local", "down", "--json")]
    public async Task Local_verbs_take_only_what_they_know(params string[] arguments) =>
        (await ToolRun.OfAsync(arguments)).ExitCode.Should().Be(2);

    [Test]
    public async Task A_directory_without_a_project_is_invalid()
    {
        var folder = Directory.CreateTempSubdirectory();

        var run = await ToolRun.OfAsync("deploy", folder.FullName);

        folder.Delete();
        run.ExitCode.Should().Be(2);
        run.Out.Should().BeEmpty();
        run.Error.Should().Contain("ECSR1008").And.Contain(folder.FullName);
    }

    [Test]
    public async Task With_json_standard_output_is_one_document_also_on_failure()
    {
        var run = await ToolRun.OfAsync("plan", "nowhere.csproj", "--json");

        using var document = JsonDocument.Parse(run.Out);
        document.RootElement.GetProperty("schema").GetInt32().Should().Be(1);
        document.RootElement.GetProperty("outcome").GetString().Should().Be("invalid");
        document.RootElement.GetProperty("code").GetString().Should().Be("ECSR1008");
        run.Error.Should().Contain("ECSR1008");
    }

    [Test]
    public async Task A_value_that_an_option_does_not_take_exits_with_2()
    {
        using var project = new GeneratedProject("app", "<OutputType>Exe</OutputType><TargetFramework>net10.0</TargetFramework>");

        var run = await ToolRun.OfAsync("deploy", project.ProjectFile, "--on-conflict", "maybe");

        run.ExitCode.Should().Be(2);
        run.Error.Should().Contain("ECSR1002").And.Contain("'maybe'");
    }
}

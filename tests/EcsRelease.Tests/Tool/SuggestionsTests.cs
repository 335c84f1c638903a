using EcsRelease.Tool.Commands;

namespace EcsRelease.Tests.Tool;

/// <summary>What every shell's completion offers, from the one command that all of them ask.</summary>
public sealed class SuggestionsTests
{
    [TestCase("ecs-release dep", "deploy")]
    [TestCase("/usr/local/bin/ecs-release  dep", "deploy")]
    [TestCase("ecs-release deploy --target ", "aws", "local")]
    [TestCase("ecs-release deploy src/Orders --target l", "local")]
    [TestCase("ecs-release deploy --target=l", "--target=local")]
    [TestCase("ecs-release deploy --on-con", "--on-conflict")]
    [TestCase("ecs-release deploy --on-pause ", "exit", "wait")]
    [TestCase("ecs-release deploy --create-service ", "false", "true")]
    [TestCase("ecs-release local env --shell ", "powershell", "sh")]
    [TestCase("ecs-release permissions --for ", "all", "prune", "release")]
    [TestCase("ecs-release completion ", "bash", "pwsh", "zsh")]
    [TestCase("ecs-release explain ECSR500", "ECSR5001", "ECSR5002", "ECSR5003", "ECSR5004", "ECSR5005", "ECSR5006", "ECSR5007", "ECSR5008")]
    public async Task Words_are_offered_where_they_are_known(string line, params string[] words) =>
        (await OfAsync(line)).Should().Equal(words);

    [TestCase("ecs-release deploy ")]
    [TestCase("ecs-release deploy src/")]
    [TestCase("ecs-release deploy --plan ")]
    [TestCase("ecs-release deploy --plan plan")]
    [TestCase("ecs-release plan --out=p")]
    [TestCase("ecs-release")]
    [TestCase("")]
    [TestCase("ecs-release deploy \"un")]
    [TestCase("ecs-release nonsense ")]
    public async Task Where_a_file_or_a_name_is_meant_nothing_is_offered_so_that_the_shell_offers_files(string line) =>
        (await OfAsync(line)).Should().BeEmpty();

    [Test]
    public async Task Without_a_word_begun_the_verbs_are_offered_and_no_flags()
    {
        var offered = await OfAsync("ecs-release ");

        offered.Should().BeEquivalentTo(EcsReleaseCommand.Create().Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name));
    }

    [Test]
    public async Task A_begun_flag_is_offered_with_all_that_the_verb_takes()
    {
        var offered = await OfAsync("ecs-release status --");

        offered.Should().Contain(["--cluster", "--service", "--json", "--help"]).And.OnlyContain(flag => flag.StartsWith("--")).And.NotContain("--timeout");
    }

    private static async Task<string[]> OfAsync(string line)
    {
        var run = await ToolRun.OfAsync(CompletionCommand.SuggestName, line);

        run.ExitCode.Should().Be(0);
        run.Error.Should().BeEmpty();
        return run.Out.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
    }
}

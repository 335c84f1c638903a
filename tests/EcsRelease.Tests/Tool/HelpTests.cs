using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using EcsRelease.Tool.Commands;

namespace EcsRelease.Tests.Tool;

/// <summary>What `--help` shows, of every command that there is.</summary>
public sealed partial class HelpTests
{
    // What they print is no result of a verb.
    private static readonly string[] s_withoutJson = ["explain", "local", "local down", "local reset", "local env", "completion", "completion bash", "completion zsh", "completion pwsh"];

    private static IEnumerable<string> Commands => Below(EcsReleaseCommand.Create(), "").Select(each => each.Path);

    private static IEnumerable<string> Verbs => EcsReleaseCommand.Create().Subcommands.Where(verb => !verb.Hidden).Select(verb => verb.Name);

    [TestCaseSource(nameof(Commands))]
    public async Task Every_command_shows_examples_that_it_takes(string path)
    {
        var help = (await ToolRun.OfAsync([.. Words(path), "--help"])).Out;

        var examples = help.Split("Examples:\n", 2).Should().HaveCount(2, help).And.Subject.Last().Split("\n\n")[0].Split('\n', StringSplitOptions.TrimEntries);
        examples.Should().NotBeEmpty().And.OnlyContain(example => example.Contains($"ecs-release {path}".TrimEnd()));
        foreach (var example in examples)
        {
            var parsed = EcsReleaseCommand.Create().Parse([.. CommandLineParser.SplitCommandLine(Own().Match(example).Value).Skip(1)]);
            parsed.Errors.Should().BeEmpty(example);
        }
        help.Split("Examples:")[0].Should().NotContain("Example: ", "they have a section of their own");
    }

    [TestCaseSource(nameof(Commands))]
    public void Every_verb_prints_JSON_for_scripts_unless_it_has_no_result(string path)
    {
        if (path.Length > 0)
            Below(EcsReleaseCommand.Create(), "").Single(each => each.Path == path).Command.Options.Any(option => option.Name == "--json").Should().Be(!s_withoutJson.Contains(path));
    }

    [TestCaseSource(nameof(Verbs))]
    public async Task Every_verb_says_where_its_exit_codes_are_told(string verb) =>
        (await ToolRun.OfAsync(verb, "--help")).Out.TrimEnd().Should().EndWith("Exit codes: see ecs-release --help");

    [TestCaseSource(nameof(Verbs))]
    public async Task The_root_tells_a_verb_in_one_line(string verb) =>
        (await ToolRun.OfAsync("--help")).Out.Split('\n').Should().ContainSingle(line => Regex.IsMatch(line, $@"^  {verb} +\S.{{5,}}$")).Which.Length.Should().BeLessThan(120);

    [Test]
    public async Task The_root_tells_the_verbs_in_the_order_of_a_release()
    {
        var help = (await ToolRun.OfAsync("--help")).Out;

        string[] order = ["init", "plan", "deploy", "status", "rollback", "explain"];
        order.Select(verb => help.IndexOf($"\n  {verb} ", StringComparison.Ordinal)).Should().BeInAscendingOrder().And.OnlyContain(at => at > 0);
    }

    [Test]
    public async Task The_exit_codes_of_the_root_and_of_the_README_are_those_of_the_outcomes()
    {
        var help = (await ToolRun.OfAsync("--help")).Out;
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "src/EcsRelease.Tool/README.md"));

        Enum.GetValues<ReleaseOutcome>().Select(outcome => outcome.ExitCode()).Distinct().Except(ExitCodes.All.Select(each => each.Code)).Should().BeEmpty();
        foreach (var (code, meaning) in ExitCodes.All)
            help.Should().MatchRegex($@"\n  {code} +{Regex.Escape(meaning)}");
        ExitCodeRow().Matches(readme).Select(row => (int.Parse(row.Groups[1].Value), row.Groups[2].Value.Replace("`", ""))).Should().Equal(ExitCodes.All);
    }

    private static IEnumerable<(string Path, Command Command)> Below(Command command, string path) =>
        command.Subcommands.Where(below => !below.Hidden).SelectMany(below => Below(below, $"{path} {below.Name}".TrimStart())).Prepend((path, command));

    private static string[] Words(string path) => path.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    // Without what the shell around it does.
    [GeneratedRegex(@"ecs-release[^|>)]*")]
    private static partial Regex Own();

    [GeneratedRegex(@"\n\| (\d+) \| (.*) \|")]
    private static partial Regex ExitCodeRow();
}

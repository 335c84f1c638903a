using EcsRelease.Options;

namespace EcsRelease.Tests.Tool;

public sealed class OptionsPageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Repository.Root, "src", "EcsRelease.Core", "docs", "options.md"));

    [Test]
    public void The_table_lists_exactly_the_options_in_their_order() =>
        Page.Split('\n').Where(line => line.StartsWith('|')).Skip(2).Should().Equal(OptionReader.All.Select(Row));

    [TestCase("EcsRelease.props")]
    [TestCase("EcsRelease.targets")]
    public void The_MSBuild_package_knows_every_option(string file)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "src", "EcsRelease.MSBuild", "build", file));

        OptionReader.All.Should().OnlyContain(option => text.Contains($"({option.Name})", StringComparison.Ordinal) || text.Contains($"<{option.Name}>", StringComparison.Ordinal));
    }

    private static string Row(OptionInfo option)
    {
        var name = option.Property ?? (option.ItemValue is null ? $"item {option.Item}" : $"item {option.Item} ({option.ItemValue})");
        var flag = option.Flag switch
        {
            null => "",
            "--wait" => "`--no-wait`",
            _ => $"`{option.Flag}`",
        };
        return $"| {name} | {flag} | {option.Description.Replace("|", "\\|", StringComparison.Ordinal)} |";
    }
}

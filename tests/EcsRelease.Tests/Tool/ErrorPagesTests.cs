using System.Text.RegularExpressions;

namespace EcsRelease.Tests.Tool;

public sealed partial class ErrorPagesTests
{
    private static readonly string[] Sources =
    [
        .. Directory.GetFiles(Path.Combine(Repository.Root, "src", "EcsRelease.Core", "Errors"), "Errors*.cs"),
        Path.Combine(Repository.Root, "src", "EcsRelease.LocalAws", "LocalAwsException.cs"),
    ];

    private static readonly IReadOnlyList<(string Code, string Type, string Outcome)> Factories =
    [
        .. Sources.SelectMany(file => Factory().Matches(File.ReadAllText(file)))
            .Select(match => (match.Groups["code"].Value, match.Groups["type"].Value, match.Groups["outcome"].Value)),
    ];

    [Test]
    public void Every_code_has_one_factory()
    {
        Factories.Should().HaveCountGreaterThan(90);
        Factories.Select(factory => factory.Code).Should().OnlyHaveUniqueItems();
    }

    [Test]
    public void Every_code_that_is_written_down_was_found_as_a_factory() =>
        Sources.SelectMany(file => QuotedCode().Matches(File.ReadAllText(file)))
            .Select(match => match.Groups[1].Value)
            .Should().BeEquivalentTo(Factories.Select(factory => factory.Code));

    [Test]
    public void Every_code_has_a_page_and_every_page_a_code() =>
        ErrorPages.Codes.Should().BeEquivalentTo(Factories.Select(factory => factory.Code));

    [TestCaseSource(nameof(CodesWithPages))]
    public void A_page_says_what_it_means_why_it_happens_and_what_to_do(string code)
    {
        var page = ErrorPages.Find(code)!;

        page.Should().StartWith($"# {code}: ").And.Contain("## Why it happens").And.Contain("## What to do");
        page.Split('\n').Length.Should().BeInRange(8, 25);
    }

    [TestCaseSource(nameof(CodesWithPages))]
    public void A_page_names_the_outcome_that_its_factory_fixes(string code)
    {
        var factory = Factories.Single(found => found.Code == code);

        var expected = factory.Type switch
        {
            "Notice" => "A warning never changes the outcome of a release.",
            "LocalAwsException" => "`ecs-release local` exits with ",
            _ => $"Outcome `{Enum.Parse<ReleaseOutcome>(factory.Outcome).Word()}`, exit code {Enum.Parse<ReleaseOutcome>(factory.Outcome).ExitCode()}.",
        };

        ErrorPages.Find(code).Should().Contain(expected);
    }

    private static IEnumerable<string> CodesWithPages() => ErrorPages.Codes;

    [GeneratedRegex("""public static (?<type>EcsReleaseException|Notice|LocalAwsException) \w+\([^{};]*?\)\s*=>\s*new\("(?<code>ECSR\d{4})",\s*(?<outcome>\w*)""")]
    private static partial Regex Factory();

    [GeneratedRegex("\"(ECSR\\d{4})\"")]
    private static partial Regex QuotedCode();
}

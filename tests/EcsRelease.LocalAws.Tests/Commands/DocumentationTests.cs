using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsRelease.LocalAws.Commands;
using EcsRelease.LocalAws.Http;
using EcsRelease.LocalAws.State;
using EcsRelease.LocalAws.Tests.Support;

namespace EcsRelease.LocalAws.Tests.Commands;

/// <summary>README and help name what is there, and nothing else.</summary>
[TestFixture]
public sealed partial class DocumentationTests
{
    [TestCase("ecs", "ECS")]
    [TestCase("ecr", "ECR")]
    [TestCase("logs", "CloudWatch Logs")]
    [TestCase("events", "EventBridge")]
    [TestCase("scheduler", "Scheduler")]
    public async Task Every_operation_of_the_table_is_offered(string service, string row)
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        var named = Readme.Split('\n').Single(line => line.StartsWith($"| {row} |", StringComparison.Ordinal)).Split('|')[3];
        var refused = new List<string>();
        foreach (Match operation in Word().Matches(named))
        {
            var answer = await aws.SendAsync(service, operation.Value, []);
            if (answer.Status != HttpStatusCode.OK && answer.Body["__type"]!.GetValue<string>() == "UnknownOperationException")
                refused.Add(operation.Value);
        }

        refused.Should().BeEmpty();
    }

    [Test]
    public async Task Every_setting_is_in_the_help_and_in_the_README()
    {
        var read = new List<string>();
        SettingsReader.Read(new StateFolder(Path.GetTempPath()), name =>
        {
            read.Add(name);
            return null;
        });
        var help = new StringWriter();
        await new CommandLine(help, TextWriter.Null, new Dictionary<string, string>(), TimeProvider.System).RunAsync(["--help"], CancellationToken.None);

        Setting().Matches(help.ToString()).Select(match => match.Value).Should().BeEquivalentTo(read);
        Setting().Matches(Readme).Select(match => match.Value).Distinct().Should().BeEquivalentTo(read);
    }

    [Test]
    public void Every_fault_is_in_the_README() =>
        FaultSwitches.Kinds.Should().OnlyContain(kind => Readme.Contains($"| `{kind}` |", StringComparison.Ordinal));

    internal static string Readme
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder.FullName, "EcsRelease.sln")))
                folder = folder.Parent ?? throw new DirectoryNotFoundException("No folder above holds EcsRelease.sln.");
            return File.ReadAllText(Path.Combine(folder.FullName, "src", "EcsRelease.LocalAws", "README.md"));
        }
    }

    [GeneratedRegex("[A-Z][A-Za-z]+")]
    private static partial Regex Word();

    [GeneratedRegex("ECS_RELEASE_LOCAL_[A-Z_]+")]
    private static partial Regex Setting();
}

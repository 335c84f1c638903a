using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.Tests.Deployments;
using NUnit.Framework.Interfaces;

namespace EcsRelease.Tests.Matrix;

/// <summary>The success rule as a whole: every case file of Deployments/Cases, every row and every complaint, as one table.
/// What a case says beside its outcome (message, evidence, progress) is a test of its own in RolloutWatchTests.</summary>
[TestFixture]
public sealed class ScriptedMatrixTests
{
    private const int LastRow = 14;

    [Test]
    public async Task No_case_is_a_false_success_or_a_false_failure()
    {
        var rows = new List<MatrixRow>();
        foreach (var file in RolloutWatchTests.Files().Order(StringComparer.Ordinal))
            rows.Add(await RunAsync(file));

        var table = new RowTable(rows);
        await TestContext.Out.WriteLineAsync($"{OtherTests()}\n{table}");
        table.Wrong.Should().BeEmpty();
    }

    [Test]
    public void Every_row_of_the_rule_has_a_case() =>
        Enumerable.Range(1, LastRow).Where(row => !Cases().Any(name => name.StartsWith($"row-{row:00}-", StringComparison.Ordinal))).Should().BeEmpty();

    [Test]
    public void Every_complaint_has_a_case_or_a_test_that_runs()
    {
        Complaint.All.Where(each => each.Cases.Count + each.Tests.Count == 0).Should().BeEmpty();
        Complaint.All.SelectMany(each => each.Cases).Except(Cases()).Should().BeEmpty("these case files are not there");
        Cases().Where(name => name.StartsWith("complaint-", StringComparison.Ordinal)).Except(Complaint.All.SelectMany(each => each.Cases)).Should().BeEmpty("no complaint names these");
        Complaint.All.SelectMany(each => each.Tests).Where(each => !Runs(each.Fixture.GetMethod(each.Test)!)).Should().BeEmpty("these are not run");
    }

    private static IEnumerable<string> Cases() => RolloutWatchTests.Files().Select(file => Path.GetFileNameWithoutExtension(file));

    private static bool Runs(MethodInfo test) =>
        test.GetCustomAttributes().OfType<ITestBuilder>().Any() || test.GetCustomAttributes().OfType<ISimpleTestBuilder>().Any();

    private static async Task<MatrixRow> RunAsync(string file)
    {
        var script = RolloutWatchTests.Read(file);
        var name = Path.GetFileNameWithoutExtension(file);
        var result = await RolloutWatchTests.RunAsync(script, new ReportLog(), new JumpingTime());
        return new(Row(name, script), name, (string)script["expect"]!["outcome"]!, result.Outcome.Word());
    }

    private static string Row(string name, JsonObject script) => name.Split('-') switch
    {
        ["row", var number, ..] => number.TrimStart('0'),
        ["attached", ..] => "P = P0",
        ["denied", ..] => "fallback",
        ["complaint", ..] => ((string)script["complaint"]!).Split(':')[0],
        _ => "evidence",
    };

    // What no rollout shows.
    private static string OtherTests()
    {
        var text = new StringBuilder("complaints that tests of their own answer:\n");
        foreach (var complaint in Complaint.All.Where(each => each.Tests.Count > 0))
        {
            text.AppendLine($"{complaint.Source}: {complaint.Text}");
            foreach (var (fixture, test) in complaint.Tests)
                text.AppendLine($"  {fixture.Name}.{test}");
        }
        return text.ToString();
    }
}

using System.Collections.Concurrent;

namespace EcsRelease.Tests.Races;

/// <summary>A release that is killed at a step or inside a call, and one whose call is done and never answered: the same
/// command again ends in one image, one revision, one deployment. The calls are those of a release that went well, so
/// a new one is covered by itself.</summary>
public sealed class KillTests
{
    private const int Lanes = 3;

    private static readonly string[] Decisive = ["PUT manifests", "RegisterTaskDefinition", "UpdateService", "RunTask"];

    [Test]
    public async Task A_release_that_is_killed_where_it_changes_something_is_finished_by_the_next()
    {
        await using var lane = await KillLane.StartAsync("sample");
        var points = (await lane.PointsAsync(KillCase.Update)).Where(point => Decisive.Contains(point.Operation));
        var ends = new List<KillEnd>();

        foreach (var point in points)
            ends.Add(await lane.RunAsync(new(KillCase.Update, point, KillFault.AfterCommit)));

        await ReportAsync(ends);
        ends.Should().HaveCount(Decisive.Length - 1);
    }

    [Test, Long]
    public async Task A_release_that_is_killed_anywhere_is_finished_by_the_next()
    {
        var lanes = await Task.WhenAll(Enumerable.Range(1, Lanes).Select(number => KillLane.StartAsync($"lane{number}")));
        try
        {
            var rows = new ConcurrentQueue<KillRow>();
            var steps = new HashSet<string>();
            foreach (var kind in Enum.GetValues<KillCase>())
                foreach (var point in await lanes[0].PointsAsync(kind))
                {
                    foreach (var fault in point.Faults)
                        rows.Enqueue(new(kind, point, fault));
                    if (kind == KillCase.Update && point.Operation is null && steps.Add(point.Step))
                        foreach (var rival in (Rival[])[Rival.SameCommit, Rival.NewerCommit])
                            rows.Enqueue(new(kind, point, KillFault.AtStep, rival));
                }
            var (count, ends) = (rows.Count, new ConcurrentQueue<KillEnd>());

            await Task.WhenAll(lanes.Select(lane => Task.Run(async () =>
            {
                while (rows.TryDequeue(out var row))
                    ends.Enqueue(await lane.RunAsync(row));
            })));

            await ReportAsync([.. ends]);
            ends.Should().HaveCount(count);
            foreach (var operation in Decisive.Append("CreateService").Append("CreateRepository").Append("PUT blobs/uploads"))
                ends.Select(end => end.Row.Point.Operation).Should().Contain(operation);
        }
        finally
        {
            foreach (var lane in lanes)
                await lane.DisposeAsync();
        }
    }

    private static async Task ReportAsync(List<KillEnd> ends)
    {
        await TestContext.Out.WriteLineAsync($"{ends.Count} rows: case | step | call | fault | first run | second run | end state");
        foreach (var end in ends.OrderBy(end => end.Row.Case))
            await TestContext.Out.WriteLineAsync(end.ToString());
        ends.Where(end => end.First == "not reached").Should().BeEmpty("each row is a moment that its release has");
        ends.Where(end => end.First.Contains("Unexpected", StringComparison.Ordinal) || end.Wrong.Count > 0).Should().BeEmpty();
    }
}

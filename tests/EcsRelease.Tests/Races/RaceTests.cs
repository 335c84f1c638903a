using System.Collections.Concurrent;
using System.Globalization;
using EcsRelease.Tests.Verbs;

namespace EcsRelease.Tests.Races;

/// <summary>Two processes, let go by one barrier, release the same service. A round is replayed by its seed:
/// ECS_RELEASE_RACE_SEED=17.</summary>
public sealed class RaceTests
{
    private const int Lanes = 4;

    [Test]
    public Task Two_releases_of_one_service_at_once_tell_the_truth() => RaceAsync(Seeds(4));

    [Test, Long]
    public Task Two_releases_of_one_service_at_once_tell_the_truth_a_hundred_times() => RaceAsync(Seeds(100));

    private static int[] Seeds(int rounds) =>
        Environment.GetEnvironmentVariable("ECS_RELEASE_RACE_SEED") is { Length: > 0 } seed
            ? [int.Parse(seed, CultureInfo.InvariantCulture)]
            : [.. Enumerable.Range(1, rounds)];

    private static async Task RaceAsync(int[] seeds)
    {
        await using var bed = await EngineBed.StartAsync();
        await using var throttled = await EngineBed.StartAsync(("THROTTLE", "aws"));
        var ended = new ConcurrentQueue<(RaceRound Round, string Outcomes, IReadOnlyList<string> Wrong)>();

        // A lane's rounds come one after the other, the lanes' at the same time.
        await Task.WhenAll(seeds.GroupBy(seed => seed % Lanes).Select(lane => Task.Run(async () =>
        {
            using var pair = new RaceLane(lane.Key == 0 ? throttled : bed, $"lane{lane.Key}");
            foreach (var round in lane.Select(RaceRound.Of))
            {
                var (outcomes, wrong) = await pair.RunAsync(round);
                ended.Enqueue((round, outcomes, wrong));
                await TestContext.Progress.WriteLineAsync($"{round}: {outcomes}");
            }
        })));

        foreach (var kind in ended.GroupBy(each => $"{each.Round.Relation}: {each.Outcomes}").OrderBy(kind => kind.Key, StringComparer.Ordinal))
            await TestContext.Out.WriteLineAsync($"{kind.Count(),4} {kind.Key}");
        ended.Should().HaveCount(seeds.Length);
        ended.Where(each => each.Wrong.Count > 0).Select(each => $"{each.Round}: {each.Outcomes}\n{string.Join('\n', each.Wrong)}").Should().BeEmpty();
    }
}

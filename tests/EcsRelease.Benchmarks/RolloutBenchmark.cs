using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;

namespace EcsRelease.Benchmarks;

/// <summary>The time from the end of a service deployment, as ECS dates it, until the engine says how it ended. Half of
/// the rollouts take as long as ECS takes at least (a task without health check is healthy after 40 s), the others are
/// short; one of five fails and is rolled back. The peer waits for the same rollouts at the same time.</summary>
internal sealed class RolloutBenchmark(int count, TextWriter output)
{
    private const double Bar = 2;
    private const int BadOneOf = 5;

    private static readonly TimeSpan[] s_healthyAfter = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(40)];

    // Rollouts begin at different times, so that neither looks at all of them at one moment.
    private static readonly TimeSpan s_spread = TimeSpan.FromSeconds(10);

    private readonly Random _random = new(1);

    public async Task<BenchmarkResult> RunAsync(CancellationToken cancellationToken)
    {
        var peer = StablePeer.Find();
        await output.WriteLineAsync($"{count} rollouts, one of {BadOneOf} fails, healthy after {string.Join(" or ", s_healthyAfter.Select(time => $"{time.TotalSeconds:0} s"))}; peer: {peer.Name}");
        await using var fast = await LocalAwsRun.StartAsync(s_healthyAfter[0], cancellationToken);
        await using var slow = await LocalAwsRun.StartAsync(s_healthyAfter[1], cancellationToken);
        LocalAwsRun[] servers = [fast, slow];
        var revisions = await Task.WhenAll(servers.Select(server => Revisions.RegisterAsync(server.Client(AwsService.Ecs), cancellationToken)));
        var seen = await Task.WhenAll(Enumerable.Range(0, count)
            .Select(number => RolloutAsync(number, servers[number % 2], revisions[number % 2], peer, s_spread * _random.NextDouble(), cancellationToken)).ToList());
        return await ReportAsync(peer.Name, seen);
    }

    private static async Task<Seen> RolloutAsync(
        int number, LocalAwsRun server, Revisions revisions, StablePeer peer, TimeSpan pause, CancellationToken cancellationToken)
    {
        var isBad = number % BadOneOf == BadOneOf - 1;
        var access = server.Access(server.Client);
        var service = new BenchmarkService(server.Client(AwsService.Ecs), $"rollout-{number}");
        await service.CreateAsync(revisions.Good, cancellationToken);
        await service.SettledAsync(cancellationToken);
        await Task.Delay(pause, cancellationToken);

        var update = new ServiceUpdate(access.Ecs, BenchmarkService.Cluster, service.Name, TimeProvider.System);
        var baseline = await update.BaselineAsync(cancellationToken);
        var rollout = await update.UpdateAsync(isBad ? revisions.Bad : revisions.Next, force: false, baseline, cancellationToken);
        var peers = peer.WaitAsync(server, service.Name, cancellationToken);
        var watch = new RolloutWatch(access, new SilentReporter(), TimeProvider.System);
        var result = await watch.WaitAsync(rollout, TimeSpan.FromMinutes(5), cancellationToken);
        var oursAt = DateTimeOffset.UtcNow;
        var (peersAt, isStable) = await peers;

        var finishedAt = await service.FinishedAtAsync(cancellationToken);
        return new(
            (oursAt - finishedAt).TotalSeconds, result.Outcome == (isBad ? ReleaseOutcome.RolledBack : ReleaseOutcome.Succeeded),
            (peersAt - finishedAt).TotalSeconds, isStable != isBad);
    }

    private async Task<BenchmarkResult> ReportAsync(string peer, IReadOnlyList<Seen> seen)
    {
        var (ours, peers) = (Distribution.Of(seen.Select(each => each.Ours)), Distribution.Of(seen.Select(each => each.Peers)));
        var (wrong, peersWrong) = (seen.Count(each => !each.IsRight), seen.Count(each => !each.IsPeerRight));
        var isMet = ours.Median <= Bar && wrong == 0;
        var width = peer.Length;
        await output.WriteLineAsync("from the end of the service deployment until it is seen:");
        await output.WriteLineAsync($"{"this engine".PadRight(width)}   {ours}   {wrong} wrong outcomes");
        await output.WriteLineAsync($"{peer}   {peers}   {peersWrong} wrong outcomes");
        await output.WriteLineAsync($"bar: median {Bar:0} s or less, no wrong outcome: {(isMet ? "met" : "NOT met")}");
        return new("rollout", new JsonObject
        {
            ["rollouts"] = seen.Count,
            ["seconds"] = ours.ToJson(),
            ["wrong"] = wrong,
            ["peer"] = peer,
            ["peerSeconds"] = peers.ToJson(),
            ["peerWrong"] = peersWrong,
            ["each"] = new JsonArray([.. seen.Select(each => (JsonNode)Math.Round(each.Ours, 3))]),
        }, isMet);
    }

    /// <param name="Ours">Seconds after the end; the peer's may be before it, where it says too early that all is well.</param>
    private sealed record Seen(double Ours, bool IsRight, double Peers, bool IsPeerRight);
}

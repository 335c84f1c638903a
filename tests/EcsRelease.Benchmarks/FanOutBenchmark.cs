using System.Globalization;
using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Verbs;

namespace EcsRelease.Benchmarks;

/// <summary>Many services, all deployed at once and watched by one `ecs-release wait`; one of ten fails and is rolled back.</summary>
internal sealed class FanOutBenchmark(int count, TextWriter output)
{
    private const int Bar = 10;
    private const int BadOneOf = 10;

    // Long enough that the watch is at its work, in all its paces, when the rollouts end.
    private static readonly TimeSpan s_healthyAfter = TimeSpan.FromSeconds(40);

    public async Task<BenchmarkResult> RunAsync(CancellationToken cancellationToken)
    {
        await using var server = await LocalAwsRun.StartAsync(s_healthyAfter, cancellationToken);
        var ecs = server.Client(AwsService.Ecs);
        var revisions = await Revisions.RegisterAsync(ecs, cancellationToken);
        var services = Enumerable.Range(0, count).Select(number => new BenchmarkService(ecs, $"service-{number}")).ToList();
        foreach (var service in services)
            await service.CreateAsync(revisions.Good, cancellationToken);
        foreach (var service in services)
            await service.SettledAsync(cancellationToken);
        foreach (var (number, service) in services.Index())
            await service.UpdateAsync(IsBad(number) ? revisions.Bad : revisions.Next, cancellationToken);

        await output.WriteLineAsync($"{count} services, one of {BadOneOf} fails, healthy after {s_healthyAfter.TotalSeconds:0} s");
        var target = new CountingTarget(server, TimeProvider.System);
        var watch = new WaitMany(new ReleaseOptions { Timeout = TimeSpan.FromMinutes(10) }, [.. services.Select(service => service.Name)], target, new SilentReporter(), TimeProvider.System);
        var records = await watch.RunAsync(cancellationToken);
        var lags = new List<double>();
        foreach (var (record, service) in records.Zip(services))
            lags.Add((record.StartedAt.AddSeconds(record.Seconds["total"]) - await service.FinishedAtAsync(cancellationToken)).TotalSeconds);
        return await ReportAsync(records, target, Distribution.Of(lags));
    }

    private static bool IsBad(int number) => number % BadOneOf == BadOneOf - 1;

    private async Task<BenchmarkResult> ReportAsync(IReadOnlyList<ReleaseRecord> records, CountingTarget target, Distribution lags)
    {
        var wrong = records.Index().Count(each => each.Item.Outcome != (IsBad(each.Index) ? ReleaseOutcome.RolledBack : ReleaseOutcome.Succeeded));
        var most = target.MostInASecond();
        var memory = Environment.WorkingSet;
        var isMet = most <= Bar && wrong == 0;
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"calls: {target.Calls} in {target.Seconds:0} s, {target.Calls / target.Seconds:0.0} a second, at most {most} in any second"));
        await output.WriteLineAsync($"of them: {string.Join(", ", target.ByOperation.Select(each => $"{each.Calls} {each.Operation}"))}");
        await output.WriteLineAsync($"memory: {memory / (1024 * 1024)} MB");
        await output.WriteLineAsync($"from the end of a service deployment until it is seen: {lags}");
        await output.WriteLineAsync($"outcomes: {records.Count - wrong} right, {wrong} wrong");
        await output.WriteLineAsync($"bar: {Bar} calls or fewer in any second, no wrong outcome: {(isMet ? "met" : "NOT met")}");
        return new("fanout", new JsonObject
        {
            ["services"] = records.Count,
            ["calls"] = target.Calls,
            ["callsByOperation"] = new JsonObject(target.ByOperation.Select(each => KeyValuePair.Create(each.Operation, (JsonNode?)each.Calls))),
            ["seconds"] = Math.Round(target.Seconds, 1),
            ["mostCallsInASecond"] = most,
            ["workingSetBytes"] = memory,
            ["seenAfterSeconds"] = lags.ToJson(),
            ["wrong"] = wrong,
        }, isMet);
    }
}

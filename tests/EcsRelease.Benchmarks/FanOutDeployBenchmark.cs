using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Verbs;

namespace EcsRelease.Benchmarks;

/// <summary>Many services of one image, a family each, released in one run at AWS's request quotas.</summary>
internal sealed class FanOutDeployBenchmark(int count, TextWriter output)
{
    private const double Bar = 1.2;

    // Burst and calls a second (docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html).
    private static readonly (string Name, int Burst, double PerSecond, string[] Operations)[] s_quotas =
    [
        ("task definition writes", 20, 1, ["RegisterTaskDefinition"]),
        ("service writes", 50, 5, ["CreateService", "UpdateService"]),
    ];

    private static readonly TimeSpan s_healthyAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>No tool is faster: each service needs a revision and an update.</summary>
    private double Limit => s_quotas.Max(quota => Math.Max(0, count - quota.Burst) / quota.PerSecond);

    public async Task<BenchmarkResult> RunAsync(CancellationToken cancellationToken)
    {
        await using var server = await LocalAwsRun.StartAsync(s_healthyAfter, cancellationToken, ("THROTTLE", "aws"));
        await using var project = await FanOutProject.CreateAsync(cancellationToken);
        var target = new CountingTarget(server, TimeProvider.System) { IsMaking = true };
        await output.WriteLineAsync($"{count} services of one image, quotas of AWS, healthy after {s_healthyAfter.TotalSeconds:0.0} s");
        // The image is made before: what is measured is the fan-out, not the compression of a base.
        using (var image = new ReleaseMany([.. project.Services(1).Select(each => each with { Options = each.Options with { StopAfter = StopAfterStep.Push } })], new SilentReporter(), TimeProvider.System, _ => new CountingTarget(server, TimeProvider.System) { IsMaking = true }, project.State))
            if (await image.CheckAsync(cancellationToken) is not null || (await image.RunAsync(_ => project, cancellationToken))[0].Outcome != ReleaseOutcome.HandedOn)
                throw new InvalidOperationException("The image could not be made.");
        using var many = new ReleaseMany(project.Services(count), new SilentReporter(), TimeProvider.System, _ => target, project.State);
        var clock = Stopwatch.StartNew();
        var records = await many.CheckAsync(cancellationToken);
        var checkedAfter = clock.Elapsed.TotalSeconds;
        records ??= await many.RunAsync(_ => project, cancellationToken);
        return await ReportAsync(records, target, checkedAfter, clock.Elapsed.TotalSeconds);
    }

    private async Task<BenchmarkResult> ReportAsync(IReadOnlyList<ReleaseRecord> records, CountingTarget target, double checkedAfter, double seconds)
    {
        var wrong = records.Where(record => record.Outcome != ReleaseOutcome.Succeeded).ToList();
        var ratio = seconds / Limit;
        var memory = Environment.WorkingSet;
        var isMet = ratio <= Bar && wrong.Count == 0;
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"seconds: {seconds:0.0}, of them {checkedAfter:0.0} for the checks; limit {Limit:0.0}; ratio {ratio:0.00}"));
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"calls: {target.Calls}, {target.Calls / seconds:0.0} a second, at most {target.MostInASecond()} in any second; throttled {target.Throttled}"));
        await output.WriteLineAsync($"of them: {string.Join(", ", target.ByOperation.Select(each => $"{each.Calls} {each.Operation}"))}");
        await output.WriteLineAsync($"memory: {memory / (1024 * 1024)} MB");
        await output.WriteLineAsync($"outcomes: {records.Count - wrong.Count} succeeded{string.Concat(wrong.Take(3).Select(record => $"; {record.Service} {record.Code}: {record.Message}"))}");
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"bar: {Bar} times the limit or less, all succeeded: {(isMet ? "met" : "NOT met")}"));
        return new("fanout-deploy", new JsonObject
        {
            ["services"] = records.Count,
            ["seconds"] = Math.Round(seconds, 1),
            ["checkSeconds"] = Math.Round(checkedAfter, 1),
            ["limitSeconds"] = Limit,
            ["ratio"] = Math.Round(ratio, 3),
            ["calls"] = target.Calls,
            ["throttled"] = target.Throttled,
            ["callsByOperation"] = new JsonObject(target.ByOperation.Select(each => KeyValuePair.Create(each.Operation, (JsonNode?)each.Calls))),
            ["workingSetBytes"] = memory,
            ["wrong"] = wrong.Count,
        }, isMet);
    }
}

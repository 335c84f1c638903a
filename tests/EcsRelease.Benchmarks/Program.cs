using System.CommandLine;
using EcsRelease.Benchmarks;

var json = new Option<FileInfo?>("--json") { Description = "Write the figures to this file, too.", Recursive = true };
var rollouts = new Option<int>("--count") { Description = "How many rollouts.", DefaultValueFactory = _ => 20 };
var rollout = new Command("rollout", "How long after the end of a service deployment the engine sees it, beside `aws ecs wait services-stable`.") { rollouts };
rollout.SetAction((parsed, cancellationToken) => RunAsync(parsed, output => new RolloutBenchmark(parsed.GetValue(rollouts), output).RunAsync(cancellationToken)));

var services = new Option<int>("--count") { Description = "How many services.", DefaultValueFactory = _ => 100 };
var fanOut = new Command("fanout", "How many calls a second and how much memory it takes to watch many services at once.") { services };
fanOut.SetAction((parsed, cancellationToken) => RunAsync(parsed, output => new FanOutBenchmark(parsed.GetValue(services), output).RunAsync(cancellationToken)));

var deployed = new Option<int>("--count") { Description = "How many services.", DefaultValueFactory = _ => 100 };
var deploy = new Command("deploy", "How long it takes to release many services of one image at AWS's request quotas, beside the least that they allow.") { deployed };
deploy.SetAction((parsed, cancellationToken) => RunAsync(parsed, output => new FanOutDeployBenchmark(parsed.GetValue(deployed), output).RunAsync(cancellationToken)));
fanOut.Add(deploy);

return await new RootCommand("Benchmarks of EcsRelease on a local AWS of their own.") { rollout, fanOut, json }.Parse(args).InvokeAsync();

// 0 when the bar is met.
async Task<int> RunAsync(ParseResult parsed, Func<TextWriter, Task<BenchmarkResult>> run)
{
    var result = await run(parsed.InvocationConfiguration.Output);
    if (parsed.GetValue(json) is { } file)
        await result.WriteAsync(file);
    return result.IsMet ? 0 : 1;
}

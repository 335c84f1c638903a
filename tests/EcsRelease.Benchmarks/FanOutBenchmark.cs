namespace EcsRelease.Benchmarks;

internal sealed class FanOutBenchmark(int count, TextWriter output)
{
    public Task<BenchmarkResult> RunAsync(CancellationToken cancellationToken) => throw new NotSupportedException($"{count} {output} {cancellationToken}");
}

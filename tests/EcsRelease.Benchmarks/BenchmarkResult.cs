using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsRelease.Benchmarks;

/// <param name="Figures">What was measured; seconds, bytes and counts.</param>
/// <param name="IsMet">Whether the bar is met.</param>
internal sealed record BenchmarkResult(string Name, JsonObject Figures, bool IsMet)
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public async Task WriteAsync(FileInfo file)
    {
        var document = new JsonObject
        {
            ["schema"] = 1,
            ["benchmark"] = Name,
            ["at"] = DateTimeOffset.UtcNow,
            ["processors"] = Environment.ProcessorCount,
            ["system"] = System.Runtime.InteropServices.RuntimeInformation.OSDescription,
            ["isMet"] = IsMet,
            ["figures"] = Figures.DeepClone(),
        };
        await File.WriteAllTextAsync(file.FullName, document.ToJsonString(s_indented) + "\n");
    }
}

/// <summary>How values lie.</summary>
internal sealed record Distribution(double Median, double P90, double Max)
{
    public static Distribution Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return new(Percentile(sorted, 0.5), Percentile(sorted, 0.9), sorted[^1]);
    }

    public JsonObject ToJson() => new() { ["median"] = Math.Round(Median, 3), ["p90"] = Math.Round(P90, 3), ["max"] = Math.Round(Max, 3) };

    public override string ToString() => FormattableString.Invariant($"median {Median,6:0.00} s   p90 {P90,6:0.00} s   max {Max,6:0.00} s");

    // Between the two values that the place lies between.
    private static double Percentile(List<double> sorted, double part)
    {
        var place = part * (sorted.Count - 1);
        var below = (int)place;
        return below + 1 < sorted.Count ? sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below])) : sorted[below];
    }
}

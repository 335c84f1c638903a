using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EcsRelease.Verification;

/// <summary>The task sizes of Fargate (docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html).</summary>
internal static partial class FargateSizes
{
    // CPU units → memory in MiB: from, to, step.
    private static readonly SortedDictionary<int, (int From, int To, int Step)> s_stepped = new()
    {
        [512] = (1024, 4096, 1024),
        [1024] = (2048, 8192, 1024),
        [2048] = (4096, 16384, 1024),
        [4096] = (8192, 30720, 1024),
        [8192] = (16384, 61440, 4096),
        [16384] = (32768, 122880, 8192),
    };

    public static IReadOnlyList<int> Cpus { get; } = [256, .. s_stepped.Keys];

    /// <summary>Memory in MiB that a task of these CPU units may have; empty = there is no such CPU size.</summary>
    public static IReadOnlyList<int> MemoryOf(int cpu)
    {
        if (cpu == 256)
            return [512, 1024, 2048];
        if (!s_stepped.TryGetValue(cpu, out var range))
            return [];
        var (from, to, step) = range;
        return [.. Enumerable.Range(0, ((to - from) / step) + 1).Select(index => from + (index * step))];
    }

    /// <summary>Task-level `cpu` or `memory` as a number of units or MiB: ECS also takes `1 vCPU` and `2 GB`.</summary>
    public static int? Parse(JsonNode? value) =>
        Form().Match(value?.ToString() ?? "") is { Success: true } match
        && decimal.TryParse(match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? (int)(match.Groups["unit"].Length > 0 ? number * 1024 : number)
            : null;

    [GeneratedRegex(@"^\s*(?<number>[0-9]{0,7}\.?[0-9]+)\s*(?<unit>vcpu|gb)?\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}

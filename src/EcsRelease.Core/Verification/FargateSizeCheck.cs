using System.Text.Json.Nodes;

namespace EcsRelease.Verification;

/// <summary>Fargate has tasks of this CPU and memory.</summary>
internal sealed class FargateSizeCheck : StaticCheck
{
    public override CheckGroup Group => CheckGroup.TaskDefinition;

    public override string Name => "Fargate size";

    protected override IEnumerable<Finding> Find(JsonObject definition, VerifiedRelease release)
    {
        if (!release.IsFargate)
        {
            yield return Finding.Ok("the tasks do not run on Fargate");
            yield break;
        }
        var (cpu, memory) = (FargateSizes.Parse(definition["cpu"]), FargateSizes.Parse(definition["memory"]));
        if (cpu is not { } units || FargateSizes.MemoryOf(units) is not { Count: > 0 } fitting)
            yield return Finding.Failed($"there is no Fargate task of {Shown(definition["cpu"])} CPU", $"Set EcsCpu to one of {string.Join(", ", FargateSizes.Cpus)}.");
        else if (memory is not { } size || !fitting.Contains(size))
            yield return Finding.Failed($"there is no Fargate task of {units} CPU and {Shown(definition["memory"])} MiB", $"Set EcsMemory to one of {Choices(fitting)}.");
        else
            yield return Finding.Ok($"{units} CPU and {size} MiB");
    }

    private static string Shown(JsonNode? value) => value is null ? "no" : $"'{value}'";

    private static string Choices(IReadOnlyList<int> sizes) => sizes.Count <= 4
        ? string.Join(", ", sizes)
        : $"{sizes[0]}, {sizes[1]} … {sizes[^1]} (steps of {sizes[1] - sizes[0]})";
}

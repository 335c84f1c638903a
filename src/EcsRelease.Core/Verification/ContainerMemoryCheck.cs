using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Verification;

/// <summary>The containers have room in the task (docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html,
/// memory and memoryReservation).</summary>
internal sealed class ContainerMemoryCheck : StaticCheck
{
    public override CheckGroup Group => CheckGroup.TaskDefinition;

    public override string Name => "container memory";

    protected override IEnumerable<Finding> Find(JsonObject definition, VerifiedRelease release)
    {
        if (FargateSizes.Parse(definition["memory"]) is { } task)
            return OfTask(task, release.Containers);
        var without = release.Containers.Where(container => container.Integer("memory") is null && container.Integer("memoryReservation") is null).ToList();
        return without.Count == 0
            ? [Finding.Ok("each container has its own; the task sets none")]
            : [.. without.Select(container => Finding.Failed($"container '{container.Text("name")}' has none, and the task neither", "Set \"memory\" or \"memoryReservation\" of the container, or EcsMemory."))];
    }

    private static IEnumerable<Finding> OfTask(int task, IReadOnlyList<JsonObject> containers)
    {
        foreach (var container in containers)
            if (container.Integer("memory") is { } limit && limit > task)
                yield return Finding.Failed($"container '{container.Text("name")}' may use {limit} MiB of a task of {task} MiB", $"Raise EcsMemory to {limit} at least, or lower the container's \"memory\".");
        var reserved = containers.Sum(container => container.Integer("memoryReservation") ?? container.Integer("memory") ?? 0);
        yield return reserved > task
            ? Finding.Failed($"the containers reserve {reserved} MiB of a task of {task} MiB", $"Raise EcsMemory to {reserved} at least, or lower \"memory\" and \"memoryReservation\" of the containers.")
            : Finding.Ok($"the containers reserve {reserved} MiB of the task's {task} MiB");
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>
/// Memory limits of a task's containers: `memory` of each, and that of the task for all together. No cgroups are needed for it;
/// what a container grabs and gives back between two looks goes unseen.
/// </summary>
internal sealed class MemoryGuard(IReadOnlyList<(ContainerRun Container, long? Limit)> containers, long? taskLimit, TimeProvider time)
{
    public const string Limit =
        "Memory is looked at every 100 ms: a container over its limit is killed (OutOfMemoryError, exit code 137). .NET is told its limit by DOTNET_GCHeapHardLimit.";

    private const long Mebibyte = 1024 * 1024;
    private static readonly TimeSpan s_pace = TimeSpan.FromMilliseconds(100);

    /// <summary>Looks until the token ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (taskLimit is null && containers.All(container => container.Limit is null))
            return;
        while (true)
        {
            await Task.Delay(s_pace, time, cancellationToken);
            var held = containers.Select(container => (container.Container, container.Limit, Bytes: container.Container.MemoryInUse())).ToList();
            foreach (var over in held.Where(container => container.Bytes > container.Limit))
                over.Container.KillForMemory();
            // The kernel ends what holds most when the task as a whole is over.
            if (held.Sum(container => container.Bytes) > taskLimit)
                held.MaxBy(container => container.Bytes).Container.KillForMemory();
        }
    }

    /// <param name="container">Definition, with the sizes of its override (MiB).</param>
    /// <returns>Bytes; null = no limit.</returns>
    public static long? OfContainer(JsonObject container) => container.Number("memory") * Mebibyte;

    public static long? OfTask(JsonObject definition, JsonObject overrides) =>
        long.TryParse(overrides.Text("memory") ?? definition.Text("memory"), NumberStyles.None, CultureInfo.InvariantCulture, out var memory) ? memory * Mebibyte : null;
}

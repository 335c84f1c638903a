using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>What RegisterTaskDefinition refuses of `dependsOn`.</summary>
internal static class DependencyRules
{
    public static void Check(IReadOnlyList<JsonObject> containers)
    {
        var byName = containers.ToDictionary(container => container.Text("name")!);
        foreach (var container in containers)
        {
            foreach (var dependency in container.Objects("dependsOn"))
                Check(dependency, byName);
        }
        foreach (var container in containers)
            RefuseCycle(container, byName, []);
    }

    private static void Check(JsonObject dependency, Dictionary<string, JsonObject> byName)
    {
        var name = dependency.Text("containerName") ?? "";
        if (!byName.TryGetValue(name, out var target))
            throw EcsErrors.Client($"Cannot depend on container + '{name}' because it does not exist");
        switch (dependency.Text("condition"))
        {
            case "START":
                break;
            case "HEALTHY":
                if (target.Object("healthCheck") is null)
                    throw EcsErrors.Client($"Cannot depend on container '{name}' being HEALTHY because it has no health check."); // constructed
                break;
            case "COMPLETE" or "SUCCESS":
                if (target.Flag("essential") == true)
                    throw EcsErrors.Client($"A container with condition {dependency.Text("condition")} must not be essential: '{name}'."); // constructed
                break;
            default:
                throw EcsErrors.Client($"Invalid dependsOn condition '{dependency.Text("condition")}'. Valid values are START, COMPLETE, SUCCESS and HEALTHY."); // constructed
        }
    }

    private static void RefuseCycle(JsonObject container, Dictionary<string, JsonObject> byName, HashSet<string> path)
    {
        var name = container.Text("name")!;
        if (!path.Add(name))
            throw EcsErrors.Client($"Container dependencies must not form a cycle: '{name}' depends on itself."); // constructed
        foreach (var dependency in container.Objects("dependsOn"))
            RefuseCycle(byName[dependency.Text("containerName")!], byName, path);
        path.Remove(name);
    }
}

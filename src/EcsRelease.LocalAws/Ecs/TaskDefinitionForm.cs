using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>What ECS adds to a task definition when it is registered. Members that it does not know stay as they are.</summary>
internal static partial class TaskDefinitionForm
{
    private static readonly string[] s_containerLists = ["portMappings", "environment", "mountPoints", "volumesFrom", "systemControls"];

    public static void Complete(JsonObject definition)
    {
        if (definition.TextOrNumber("cpu") is { } cpu)
            definition["cpu"] = Units(cpu, CpuPattern(), 1024);
        if (definition.TextOrNumber("memory") is { } memory)
            definition["memory"] = Units(memory, MemoryPattern(), 1024);
        foreach (var list in new[] { "volumes", "placementConstraints" })
            definition[list] ??= new JsonArray();
        foreach (var volume in definition.Objects("volumes").Where(volume => volume.Count == 1 && volume.ContainsKey("name")))
            volume["host"] = new JsonObject();
        foreach (var container in definition.Objects("containerDefinitions"))
            Complete(container, definition.Text("networkMode"));
    }

    private static void Complete(JsonObject container, string? networkMode)
    {
        container["cpu"] ??= 0;
        container["essential"] ??= true;
        foreach (var list in s_containerLists)
            container[list] ??= new JsonArray();
        foreach (var mapping in container.Objects("portMappings"))
        {
            mapping["protocol"] ??= "tcp";
            if (mapping["containerPort"] is { } port && mapping["containerPortRange"] is null)
                mapping["hostPort"] ??= networkMode is "awsvpc" or "host" ? port.DeepClone() : 0;
        }
        if (container.Object("healthCheck") is { } check)
        {
            check["interval"] ??= 30;
            check["timeout"] ??= 5;
            check["retries"] ??= 3;
        }
    }

    /// <summary>`1 vCPU`, `.5 vcpu`, `2GB`: AWS stores the number of units.</summary>
    private static string Units(string text, Regex pattern, int factor) =>
        pattern.Match(text) is { Success: true } match
        && decimal.TryParse(match.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? (number * factor).ToString("0", CultureInfo.InvariantCulture)
            : text;

    [GeneratedRegex(@"^\s*([0-9]*\.?[0-9]+)\s*vcpu\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex CpuPattern();

    [GeneratedRegex(@"^\s*([0-9]*\.?[0-9]+)\s*gb\s*$", RegexOptions.IgnoreCase)]
    private static partial Regex MemoryPattern();
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.TaskDefinitions;

/// <summary>Puts explicit options over a file's or the live definition: the named container and the task's own
/// members, nothing else. From a live one, what our last release declared and this one does not is taken away.</summary>
internal static class DefinitionOverrides
{
    public static void Apply(JsonObject definition, JsonObject container, DefinitionInputs inputs, bool isLive)
    {
        var options = inputs.Options;
        if (isLive)
            RemoveUndeclared(container, options);
        Set(definition, "family", options.TaskFamily);
        Set(definition, "cpu", options.Cpu);
        Set(definition, "memory", options.Memory);
        Set(definition, "taskRoleArn", options.TaskRole);
        Set(definition, "executionRoleArn", options.ExecutionRole);
        if (options.Architecture is { } architecture)
            Child(definition, "runtimePlatform")["cpuArchitecture"] = architecture;
        if (options.Command.Count > 0)
            container["command"] = options.Command.ToJsonArray();
        if (options.LogGroup is { } group)
            SetLogGroup(container, group, inputs);
        SetNamed(container, "environment", "value", options.EnvironmentVariables, other: "secrets");
        SetNamed(container, "secrets", "valueFrom", options.Secrets, other: "environment");
        foreach (var port in options.Ports.Select(PortMappings.Of))
            if (!container.Objects("portMappings").Any(mapping => PortMappings.NameOf(mapping) == PortMappings.NameOf(port)))
                List(container, "portMappings").Add(port);
    }

    private static void RemoveUndeclared(JsonObject container, ReleaseOptions options)
    {
        var before = RevisionLabels.DeclaredBefore(container);
        var now = RevisionLabels.NamesOf(options).ToHashSet(StringComparer.Ordinal);
        void Remove(string list, Func<JsonObject, string> name)
        {
            foreach (var entry in container.Objects(list).Where(each => before(name(each)) && !now.Contains(name(each))).ToList())
                List(container, list).Remove(entry);
        }
        if (before(RevisionLabels.Command) && !now.Contains(RevisionLabels.Command))
            container.Remove("command");
        Remove("environment", entry => $"env:{entry.Text("name")}");
        Remove("secrets", entry => $"secret:{entry.Text("name")}");
        Remove("portMappings", PortMappings.NameOf);
    }

    // ECS refuses a name that is both a variable and a secret: the declared one takes its place.
    private static void SetNamed(JsonObject container, string list, string member, IReadOnlyList<NameValue> declared, string other)
    {
        foreach (var (name, value) in declared)
        {
            foreach (var entry in container.Objects(other).Where(each => each.Text("name") == name).ToList())
                List(container, other).Remove(entry);
            if (container.Objects(list).FirstOrDefault(each => each.Text("name") == name) is { } existing)
                existing[member] = value;
            else
                List(container, list).Add(new JsonObject { ["name"] = name, [member] = value });
        }
    }

    private static void SetLogGroup(JsonObject container, string group, DefinitionInputs inputs)
    {
        if (container.Object("logConfiguration") is { } existing && existing.Text("logDriver") is { } driver && driver != "awslogs")
            throw Errors.OptionsConflict("EcsLogGroup", $"log driver '{driver}' of container '{container.Text("name")}'", "only awslogs has a log group; remove EcsLogGroup");
        var log = Child(container, "logConfiguration");
        log["logDriver"] = "awslogs";
        var settings = Child(log, "options");
        settings["awslogs-group"] = group;
        settings["awslogs-region"] ??= inputs.Region;
        settings["awslogs-stream-prefix"] ??= inputs.Service;
    }

    private static void Set(JsonObject parent, string member, string? value)
    {
        if (value is not null)
            parent[member] = value;
    }

    private static JsonObject Child(JsonObject parent, string member)
    {
        if (parent.Object(member) is { } child)
            return child;
        var made = new JsonObject();
        parent[member] = made;
        return made;
    }

    private static JsonArray List(JsonObject parent, string member)
    {
        if (parent[member] is JsonArray list)
            return list;
        var made = new JsonArray();
        parent[member] = made;
        return made;
    }
}

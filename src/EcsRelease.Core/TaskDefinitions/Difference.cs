using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsRelease.Aws;

namespace EcsRelease.TaskDefinitions;

/// <summary>What differs between two task definitions, by their normal forms, in lines for people:
/// `environment LOG_LEVEL: info → debug`, `cpu: 256 → 512`.</summary>
public static partial class Difference
{
    private const string Absent = "(absent)";

    // The member that names an element, and the one that is its value, in lists that are maps.
    private static readonly Dictionary<string, (string Name, string? Value)> _maps = new(StringComparer.Ordinal)
    {
        ["environment"] = ("name", "value"),
        ["secrets"] = ("name", "valueFrom"),
        ["containerDefinitions"] = ("name", null),
        ["volumes"] = ("name", null),
        ["ulimits"] = ("name", null),
        ["portMappings"] = ("containerPort", null),
        ["mountPoints"] = ("containerPath", null),
        ["dependsOn"] = ("containerName", "condition"),
        ["extraHosts"] = ("hostname", "ipAddress"),
    };

    /// <param name="container">The released container: its members are named without it, its image is left out.</param>
    public static IReadOnlyList<string> Between(JsonObject before, JsonObject after, string container)
    {
        var old = Flat(before, container);
        var now = Flat(after, container);
        return
        [
            .. old.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
                .Where(key => old.GetValueOrDefault(key) != now.GetValueOrDefault(key))
                .Select(key => $"{key}: {Shown(key, old.GetValueOrDefault(key))} → {Shown(key, now.GetValueOrDefault(key))}"),
        ];
    }

    private static Dictionary<string, string> Flat(JsonObject definition, string container)
    {
        var lines = new Dictionary<string, string>(StringComparer.Ordinal);
        Add(lines, "", NormalForm.Of(definition, container), container);
        return lines;
    }

    private static void Add(Dictionary<string, string> lines, string path, JsonNode? node, string container)
    {
        switch (node)
        {
            case JsonObject parent:
                foreach (var (name, value) in parent)
                    Add(lines, Join(path, name), value, container);
                break;
            case JsonArray list when _maps.TryGetValue(Member(path), out var map) && list.All(item => item is JsonObject):
                foreach (var item in list)
                    AddEntry(lines, path, (JsonObject)item!, map, container);
                break;
            default:
                lines[path] = node is JsonValue leaf && leaf.TryGetValue<string>(out var text) ? text : node?.ToJsonString() ?? "null";
                break;
        }
    }

    private static void AddEntry(Dictionary<string, string> lines, string path, JsonObject item, (string Name, string? Value) map, string container)
    {
        var name = item.Text(map.Name) ?? item[map.Name]?.ToJsonString() ?? "?";
        if (path == "containerDefinitions")
            Add(lines, name == container ? "container" : $"container {name}", item, container);
        else if (map.Value is not null)
            lines[$"{path} {name}"] = item.Text(map.Value) ?? "";
        else if (path.EndsWith("portMappings", StringComparison.Ordinal))
            lines[$"{path} {name}/{item.Text("protocol")}"] = item.ToJsonString();
        else
            Add(lines, $"{path} {name}", item, container);
    }

    // The released container's lists need no prefix: no member of the task has their names. Its cpu and memory do.
    private static string Join(string path, string name) => path switch
    {
        "" => name,
        "container" when name is not ("cpu" or "memory" or "name") => name,
        "container" => $"container {name}",
        _ => $"{path}.{name}",
    };

    private static string Member(string path) => path[(path.LastIndexOf('.') + 1)..];

    // A variable may hold what should have been a secret; a plan is printed in build logs.
    private static string Shown(string key, string? value) =>
        value is null ? Absent : key.Contains("environment ", StringComparison.Ordinal) && Sensitive().IsMatch(key) ? "(hidden)" : value;

    [GeneratedRegex("(?i)password|passwd|secret|token|credential|api_?key|private_?key|access_?key|connection_?string")]
    private static partial Regex Sensitive();
}

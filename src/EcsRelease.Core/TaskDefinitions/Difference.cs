using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsRelease.Aws;

namespace EcsRelease.TaskDefinitions;

/// <summary>What differs between two task definitions, by their normal forms, in lines for people:
/// `environment LOG_LEVEL: (hidden) → debug`, `cpu: 256 → 512`. They reach build logs and records, so what may be a
/// secret is hidden: of the live definition everything that is the user's own text, of the new one what looks like it.</summary>
public static partial class Difference
{
    private const string Absent = "(absent)";
    private const string Hidden = "(hidden)";

    // Members whose content is the user's own; somebody may have put a password there by hand.
    private static readonly string[] _ownText =
        ["environment", "dockerLabels", "options", "driverOpts", "labels", "command", "entryPoint", "systemControls", "properties"];

    // The member that names an element, and the one that is its value, in lists that are maps.
    private static readonly Dictionary<string, (string Name, string? Value)> _maps = new(StringComparer.Ordinal)
    {
        ["environment"] = ("name", "value"),
        ["secrets"] = ("name", "valueFrom"),
        ["secretOptions"] = ("name", "valueFrom"),
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
                .Select(key => $"{key}: {Before(key, old.GetValueOrDefault(key))} → {After(key, now.GetValueOrDefault(key))}"),
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

    private static string Before(string key, string? live) => live is not null && IsOwnText(key) ? Hidden : After(key, live);

    private static string After(string key, string? value) =>
        value is null ? Absent
        : !IsReference(key) && (Sensitive().IsMatch(WithoutContainer(key)) || HoldsCredentials(key, value)) ? Hidden
        : value;

    private static bool IsOwnText(string key) => Parts(key).Any(_ownText.Contains) && !key.Contains("options.awslogs-", StringComparison.Ordinal);

    // What a secret's entry holds is where the value lies.
    private static bool IsReference(string key) => Parts(key).Any(part => part is "secrets" or "secretOptions");

    // `user:password@` of an address; the arguments of a command have no name of their own.
    private static bool HoldsCredentials(string key, string value) =>
        UserInfo().IsMatch(value) || (Parts(key)[^1] is "command" or "entryPoint" && Sensitive().IsMatch(value));

    private static string[] Parts(string key) => WithoutContainer(key).Split(' ', '.');

    // A sidecar's name says nothing about its members.
    private static string WithoutContainer(string key) =>
        key.StartsWith("container ", StringComparison.Ordinal) && key.IndexOf('.', StringComparison.Ordinal) is var dot and > 0 ? key[(dot + 1)..] : key;

    [GeneratedRegex("(?i)pass|pwd|secret|token|credential|auth(?!orizationConfig)|key|dsn|url|(?<!sec)uri|connection_?str|private|signature|salt")]
    private static partial Regex Sensitive();

    [GeneratedRegex(@"://[^/\s]*@")]
    private static partial Regex UserInfo();
}

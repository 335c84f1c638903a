using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using EcsRelease.Aws;

namespace EcsRelease.TaskDefinitions;

/// <summary>One member that differs between two task definitions, by their normal forms, fit for people and logs: what may
/// be a secret is hidden. Of the live definition that is everything that is the user's own text, of the new one what
/// looks like it.</summary>
/// <param name="Container">Null = a member of the task itself.</param>
/// <param name="Member">E.g. `cpu`, `environment LOG_LEVEL`, `logConfiguration.options.awslogs-group`.</param>
/// <param name="Before">Null = absent.</param>
/// <param name="After">Null = absent.</param>
/// <param name="IsReleased">The container is the released one: lines leave its name out.</param>
public sealed partial record Difference(string? Container, string Member, string? Before, string? After, [property: JsonIgnore] bool IsReleased = false)
{
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
        ["volumes"] = ("name", null),
        ["ulimits"] = ("name", null),
        ["portMappings"] = ("containerPort", null),
        ["mountPoints"] = ("containerPath", null),
        ["dependsOn"] = ("containerName", "condition"),
        ["extraHosts"] = ("hostname", "ipAddress"),
    };

    /// <param name="container">The released container: its image is left out.</param>
    /// <param name="hidesBoth">The second is no more our own than the first.</param>
    public static IReadOnlyList<Difference> Between(JsonObject before, JsonObject after, string container, bool hidesBoth = false)
    {
        var (first, second) = NormalForm.Pair(before, after, container);
        var old = Flat(first);
        var now = Flat(second);
        return
        [
            .. old.Keys.Union(now.Keys)
                .Where(key => old.GetValueOrDefault(key) != now.GetValueOrDefault(key))
                .OrderBy(key => key.Container is null ? 0 : key.Container == container ? 1 : 2)
                .ThenBy(key => key.Container, StringComparer.Ordinal)
                .ThenBy(key => key.Member, StringComparer.Ordinal)
                .Select(key => new Difference(
                    key.Container, key.Member, LiveText(key.Member, old.GetValueOrDefault(key)),
                    hidesBoth ? LiveText(key.Member, now.GetValueOrDefault(key)) : NewText(key.Member, now.GetValueOrDefault(key)), key.Container == container)),
        ];
    }

    /// <summary>`environment LOG_LEVEL: (hidden) → debug`, `cpu: 256 → 512`, `container side.image: y:1 → y:2`. The released
    /// container's members need no prefix but for those that a task has as well.</summary>
    public override string ToString()
    {
        var member = Container switch
        {
            null => Member,
            _ when !IsReleased => $"container {Container}.{Member}",
            _ when Member is "cpu" or "memory" or "name" => $"container {Member}",
            _ => Member,
        };
        return InertText.Of($"{member}: {Before ?? "(absent)"} → {After ?? "(absent)"}");
    }

    private static Dictionary<(string? Container, string Member), string> Flat(JsonObject form)
    {
        var members = new Dictionary<(string? Container, string Member), string>();
        foreach (var (name, value) in form)
        {
            if (name != "containerDefinitions" || value is not JsonArray containers)
                Add(members, null, name, value);
            else
                foreach (var container in containers.OfType<JsonObject>())
                    foreach (var (member, content) in container)
                        Add(members, container.Text("name") ?? "?", member, content);
        }
        return members;
    }

    private static void Add(Dictionary<(string? Container, string Member), string> members, string? container, string path, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject parent:
                foreach (var (name, value) in parent)
                    Add(members, container, $"{path}.{name}", value);
                break;
            case JsonArray list when _maps.TryGetValue(path[(path.LastIndexOf('.') + 1)..], out var map) && list.All(item => item is JsonObject):
                foreach (var item in list)
                    AddEntry(members, container, path, (JsonObject)item!, map);
                break;
            default:
                Put(members, (container, path), Text(node));
                break;
        }
    }

    // ECS lets a list that is a map name one element twice (a container port with two host ports): neither hides the other.
    private static void Put(Dictionary<(string? Container, string Member), string> members, (string? Container, string Member) key, string text) =>
        members[key] = members.TryGetValue(key, out var before) ? $"{before}, {text}" : text;

    private static string Text(JsonNode? node) => node is JsonValue leaf && leaf.TryGetValue<string>(out var text) ? text : node?.ToJsonString() ?? "null";

    private static void AddEntry(Dictionary<(string? Container, string Member), string> members, string? container, string path, JsonObject item, (string Name, string? Value) map)
    {
        // A range of ports stands in place of a port.
        var name = Text(item[map.Name] ?? item["containerPortRange"] ?? "?");
        if (path.EndsWith("portMappings", StringComparison.Ordinal))
        {
            Put(members, (container, $"{path} {name}/{item.Text("protocol")}"), item.ToJsonString());
            return;
        }
        foreach (var (member, value) in item.Where(pair => pair.Key != map.Name))
            if (member == map.Value)
                Put(members, (container, $"{path} {name}"), Text(value));
            else
                Add(members, container, $"{path} {name}.{member}", value);
        // An element that is nothing but its name.
        if (item.Count == 1 || (map.Value is not null && !item.ContainsKey(map.Value)))
            Put(members, (container, $"{path} {name}"), "(no value)");
    }

    private static string? LiveText(string member, string? value) => value is not null && IsOwnText(member) ? Hidden : NewText(member, value);

    private static string? NewText(string member, string? value) =>
        value is not null && !IsReference(member) && (Sensitive().IsMatch(member) || HoldsCredentials(member, value)) ? Hidden : value;

    private static bool IsOwnText(string member) => Parts(member).Any(_ownText.Contains) && !member.Contains("options.awslogs-", StringComparison.Ordinal);

    // What a secret's entry holds is where the value lies.
    private static bool IsReference(string member) => Parts(member).Any(part => part is "secrets" or "secretOptions");

    // `user@` of an address too, since some tokens are users; the arguments of a command have no name of their own.
    private static bool HoldsCredentials(string member, string value) =>
        UserInfo().IsMatch(value) || PlainSecrets.HoldsSecret(value) || (Parts(member)[^1] is "command" or "entryPoint" && Sensitive().IsMatch(value));

    private static string[] Parts(string member) => member.Split(' ', '.');

    [GeneratedRegex("(?i)pass|pwd|secret|token|credential|auth(?!orizationConfig)|key|dsn|url|(?<!sec)uri|connection_?str|private|signature|salt")]
    private static partial Regex Sensitive();

    [GeneratedRegex(@"://[^/\s]*@")]
    private static partial Regex UserInfo();
}

using System.Text.Json.Nodes;
using EcsRelease.TaskDefinitions.Files;

namespace EcsRelease.Tests.TaskDefinitions;

/// <summary>Task definitions that ECS accepts, with every member of the model now and then, also empty, and with members
/// that nobody knows yet.</summary>
internal sealed class DefinitionMaker(int seed)
{
    private static readonly IReadOnlyDictionary<string, IReadOnlyDictionary<string, Member>> Structures = EcsModel.Structures ?? DefinitionShape.Structures;
    private static readonly string[] Texts = ["", "x", "a b", "ü→", "echo ${HOME}", "$${x}", "{\"a\":1}", "arn:aws:iam::123456789012:role/path/r", "\u0001\t\"\\/<&'"];

    private readonly Random _random = new(seed);

    public JsonObject Make()
    {
        var definition = Structure(DefinitionShape.Root);
        definition["family"] = "orders";
        definition.Remove("tags");
        definition["executionRoleArn"] = "arn:aws:iam::123456789012:role/exec";
        definition["networkMode"] = One("bridge", "host", "awsvpc", "none");
        definition["requiresCompatibilities"] = new JsonArray(One("EC2", "EXTERNAL"));
        Sometimes(definition, "cpu", One("256", "1 vCPU", ".5 vcpu"));
        Sometimes(definition, "memory", One("512", "2GB", "1.5 gb"));
        definition["containerDefinitions"] = new JsonArray([.. Enumerable.Range(0, _random.Next(1, 4)).Select(index => Container(index, (string)definition["networkMode"]!))]);
        if (definition["volumes"] is JsonArray volumes)
            foreach (var (volume, index) in volumes.Select((volume, index) => (volume!.AsObject(), index)))
                volume["name"] = $"v{index}";
        return definition;
    }

    private JsonObject Container(int index, string networkMode)
    {
        var container = Structure("ContainerDefinition");
        container["name"] = $"c{index}";
        container["image"] = One("x:1", "host:5000/y@sha256:ab", "z");
        container["memory"] = 512;
        container.Remove("memoryReservation");
        if (index == 0)
            container.Remove("essential");
        else
            container["essential"] = false;
        Ports(container, networkMode);
        Name(container, "environment", "E");
        Name(container, "secrets", "S");
        foreach (var secret in Objects(container, "secrets"))
            secret["valueFrom"] = "arn:x";
        Range(container, "stopTimeout", 2, 120);
        if (container["healthCheck"] is JsonObject check)
        {
            check["command"] = new JsonArray("CMD", "");
            Range(check, "interval", 5, 300);
            Range(check, "timeout", 2, 120);
            Range(check, "retries", 1, 10);
            Range(check, "startPeriod", 0, 300);
        }
        if (container["logConfiguration"] is JsonObject log)
            log["logDriver"] = One("json-file", "syslog", "fluentd");
        container.Remove("dependsOn");
        if (index > 0)
            Sometimes(container, "dependsOn", new JsonArray(new JsonObject { ["containerName"] = "c0", ["condition"] = "START" }));
        return container;
    }

    private void Ports(JsonObject container, string networkMode)
    {
        foreach (var (mapping, index) in Objects(container, "portMappings").Select((mapping, index) => (mapping, index)))
        {
            mapping.Remove("containerPortRange");
            mapping["containerPort"] = 8000 + index;
            mapping.Remove("hostPort");
            Sometimes(mapping, "hostPort", networkMode is "awsvpc" or "host" ? 8000 + index : 0);
            mapping.Remove("protocol");
            Sometimes(mapping, "protocol", One("tcp", "udp"));
        }
    }

    private JsonObject Structure(string name)
    {
        var made = new JsonObject();
        foreach (var member in Structures[name].Values.OrderBy(_ => _random.Next()))
            if (member.IsRequired || _random.Next(3) == 0)
                made[member.Name] = Value(member.Type);
        if (_random.Next(6) == 0)
            made["memberOf2030"] = JsonNode.Parse(One("""{"deep":[1.50,null,"",{},[]]}""", "[]", "\"\"", "1e3", "false", "12345678901234567890"));
        return made;
    }

    private JsonNode Value(MemberType type) => type switch
    {
        MemberType.Structure { Name: var name } => Structure(name),
        MemberType.List { Element: var element } => new JsonArray([.. Enumerable.Range(0, _random.Next(4)).Select(_ => Value(element))]),
        MemberType.Map => new JsonObject([.. Enumerable.Range(0, _random.Next(3)).Select(index => new KeyValuePair<string, JsonNode?>($"k{index}", _random.Next(4) == 0 ? null : Text()))]),
        MemberType.Scalar { Kind: ScalarKind.Integer } => _random.Next(0, 5000),
        MemberType.Scalar { Kind: ScalarKind.Flag } => _random.Next(2) == 0,
        _ => Text(),
    };

    private JsonNode Text() => One(Texts);

    private string One(params string[] values) => values[_random.Next(values.Length)];

    private void Sometimes(JsonObject parent, string member, JsonNode value)
    {
        parent.Remove(member);
        if (_random.Next(2) == 0)
            parent[member] = value;
    }

    private void Range(JsonObject parent, string member, int low, int high)
    {
        if (parent.ContainsKey(member))
            parent[member] = _random.Next(low, high + 1);
    }

    private static void Name(JsonObject container, string list, string prefix)
    {
        foreach (var (entry, index) in Objects(container, list).Select((entry, index) => (entry, index)))
            entry["name"] = $"{prefix}{index}";
    }

    private static IEnumerable<JsonObject> Objects(JsonObject parent, string list) => parent[list] is JsonArray array ? array.OfType<JsonObject>() : [];
}

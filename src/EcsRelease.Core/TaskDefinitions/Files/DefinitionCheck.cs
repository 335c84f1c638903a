using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.TaskDefinitions.Files;

/// <summary>Fills the variables of a file's definition in and checks it against the API's shape, each mistake at its place.</summary>
internal sealed class DefinitionCheck(JsonText json, Variables variables)
{
    /// <param name="pointer">Where <paramref name="definition"/> stands in the file.</param>
    /// <exception cref="EcsReleaseException">ECSR5152, 5153, 5155 to 5159.</exception>
    public void Complete(JsonObject definition, string pointer)
    {
        Complete(definition, new MemberType.Structure(DefinitionShape.Root), pointer, "");
        RefuseDuplicates(definition, pointer);
    }

    /// <param name="type">Null = a member that the shape does not know: only filled in.</param>
    /// <param name="name">Of the member, for errors: `containerDefinitions[0].cpu`.</param>
    /// <returns>What takes the node's place.</returns>
    public JsonNode? Complete(JsonNode? node, MemberType? type, string pointer, string name)
    {
        if (node is JsonValue value && value.TryGetValue<string>(out var text))
            node = Filled(value, text, type, pointer, name);
        // A null is as good as an absent member, and in a map the service decides.
        if (type is not null && node is not null && !Fits(node, type))
            throw Errors.DefinitionMemberType(json.Place(pointer), name, type.Words, Kind(node));
        switch (node)
        {
            case JsonObject parent:
                foreach (var (member, child) in parent.ToList())
                    Replace(child, Complete(child, TypeOf(type, member), JsonText.Pointer(pointer, member), name.Length == 0 ? member : $"{name}.{member}"), done => parent[member] = done);
                if (type is MemberType.Structure structure)
                    RefuseMissing(parent, structure.Name, pointer, name);
                break;
            case JsonArray list:
                for (var index = 0; index < list.Count; index++)
                {
                    var at = index;
                    Replace(list[at], Complete(list[at], (type as MemberType.List)?.Element, JsonText.Pointer(pointer, at), $"{name}[{at}]"), done => list[at] = done);
                }
                break;
        }
        return node;
    }

    private JsonValue? Filled(JsonValue node, string text, MemberType? type, string pointer, string name)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
            return node;
        var filled = variables.Fill(text, json.Place(pointer));
        // Not the filled text: it may come from the environment, and be a secret.
        EcsReleaseException Wrong() => Errors.DefinitionMemberType(json.Place(pointer), name, type!.Words, $"the value of '{text}'");
        return type switch
        {
            MemberType.Scalar { Kind: ScalarKind.Integer } => long.TryParse(filled, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : throw Wrong(),
            MemberType.Scalar { Kind: ScalarKind.Flag } => bool.TryParse(filled, out var flag) ? JsonValue.Create(flag) : throw Wrong(),
            _ => JsonValue.Create(filled),
        };
    }

    private static bool Fits(JsonNode node, MemberType type) => type switch
    {
        MemberType.Structure or MemberType.Map => node is JsonObject,
        MemberType.List => node is JsonArray,
        MemberType.Scalar { Kind: var kind } => (kind, node.GetValueKind()) switch
        {
            (ScalarKind.Text or ScalarKind.Size, JsonValueKind.String) => true,
            (ScalarKind.Size, JsonValueKind.Number) => true,
            (ScalarKind.Integer, JsonValueKind.Number) => IsWhole(node),
            (ScalarKind.Flag, JsonValueKind.True or JsonValueKind.False) => true,
            _ => false,
        },
        _ => true,
    };

    private static MemberType? TypeOf(MemberType? parent, string member) => parent switch
    {
        MemberType.Structure { Name: var name } => DefinitionShape.Structures[name].GetValueOrDefault(member)?.Type,
        MemberType.Map => new MemberType.Scalar(ScalarKind.Text),
        _ => null,
    };

    private void RefuseMissing(JsonObject parent, string structure, string pointer, string name)
    {
        foreach (var member in DefinitionShape.Structures[structure].Values.Where(member => member.IsRequired && parent[member.Name] is null))
        {
            // CloudFormation writes the same members with a capital letter.
            var other = parent.Select(pair => pair.Key).FirstOrDefault(key => key.Equals(member.Name, StringComparison.OrdinalIgnoreCase));
            throw Errors.DefinitionMemberMissing(json.Place(pointer), name.Length == 0 ? member.Name : $"{name}.{member.Name}",
                other is null ? "" : $"There is '{other}'; the API's members begin with a small letter.");
        }
    }

    private void RefuseDuplicates(JsonObject definition, string pointer)
    {
        var containers = (JsonArray)definition["containerDefinitions"]!;
        var list = JsonText.Pointer(pointer, "containerDefinitions");
        if (containers.Count == 0)
            throw Errors.DefinitionMemberMissing(json.Place(list), "containerDefinitions[0]", "A task has one container at least.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < containers.Count; index++)
        {
            var at = JsonText.Pointer(list, index);
            if (containers[index].Text("name") is not { Length: > 0 } name)
                throw Errors.DefinitionMemberMissing(json.Place(at), $"containerDefinitions[{index}].name", "");
            if (!names.Add(name))
                throw Errors.DuplicateContainer(json.Place(JsonText.Pointer(at, "name")), name);
        }
    }

    private static void Replace(JsonNode? before, JsonNode? after, Action<JsonNode?> set)
    {
        if (!ReferenceEquals(before, after))
            set(after);
    }

    private static bool IsWhole(JsonNode node) =>
        decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && decimal.Truncate(number) == number;

    private static string Kind(JsonNode node) => node.GetValueKind() switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        _ => "true or false",
    };
}

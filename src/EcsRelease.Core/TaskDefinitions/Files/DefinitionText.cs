using System.Text.Json;
using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.TaskDefinitions.Files;

/// <summary>A live revision as a task definition file: what can be registered, nothing lost.</summary>
internal static class DefinitionText
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    };

    /// <param name="described">DescribeTaskDefinition's answer, tags included.</param>
    /// <param name="released">Its image, and that of containers that share it, becomes `${image}`.</param>
    public static string Of(JsonObject described, string released)
    {
        var definition = RevisionJson.Registrable(described.Object("taskDefinition")!);
        var containers = definition.Objects("containerDefinitions").ToList();
        var image = containers.First(each => each.Text("name") == released).Text("image");
        Escape(definition);
        foreach (var container in containers)
            if (container.Text("name") == released || container.Text("image") == Template.Escape(image ?? ""))
                container["image"] = $"${{{Variables.Image}}}";
        RevisionLabels.Remove(containers.First(each => each.Text("name") == released));
        if (RevisionJson.OwnTags(described) is { Count: > 0 } tags)
            definition["tags"] = new JsonArray([.. tags.Select(tag => new JsonObject { ["key"] = Template.Escape(tag.Name), ["value"] = Template.Escape(tag.Value) })]);
        return definition.ToJsonString(Readable) + "\n";
    }

    // What looks like a variable was a text so far: a command of a shell, for instance.
    private static void Escape(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject parent:
                foreach (var (name, child) in parent.ToList())
                    if (Escaped(child) is { } text)
                        parent[name] = text;
                    else
                        Escape(child);
                break;
            case JsonArray list:
                for (var index = 0; index < list.Count; index++)
                    if (Escaped(list[index]) is { } text)
                        list[index] = text;
                    else
                        Escape(list[index]);
                break;
        }
    }

    private static string? Escaped(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) && Template.Escape(text) is var escaped && escaped != text ? escaped : null;
}

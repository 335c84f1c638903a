using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.TaskDefinitions;

/// <summary>From a described revision back to what can be registered, losing nothing.</summary>
public static class RevisionJson
{
    // What DescribeTaskDefinition adds (ecs-api.md 5). A deny-list: members that this code does not know survive.
    private static readonly string[] _described =
    [
        "taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities",
        "registeredAt", "registeredBy", "deregisteredAt", "deleteRequestedAt",
    ];

    /// <summary>A copy without what only a registered revision has.</summary>
    public static JsonObject Registrable(JsonObject definition)
    {
        var copy = (JsonObject)definition.DeepClone();
        foreach (var member in _described)
            copy.Remove(member);
        return copy;
    }

    /// <summary>Tags (`[{key, value}]` in <paramref name="holder"/>) that are neither AWS's nor ours.</summary>
    public static IReadOnlyList<NameValue> OwnTags(JsonObject holder) =>
    [
        .. holder.Objects("tags")
            .Select(tag => new NameValue(tag.Text("key") ?? "", tag.Text("value") ?? ""))
            .Where(tag => tag.Name.Length > 0
                && !tag.Name.StartsWith("aws:", StringComparison.OrdinalIgnoreCase)
                && !tag.Name.StartsWith(RevisionTags.Prefix, StringComparison.Ordinal)),
    ];

    /// <summary>The container that a release means: the wanted one, else the only one, else the only essential one.</summary>
    /// <param name="source">`file:PATH`, `live` or `properties`, for the error.</param>
    /// <param name="place">Of the containers in a file.</param>
    /// <exception cref="EcsReleaseException">ECSR5105, 5154.</exception>
    public static JsonObject ContainerOf(JsonObject definition, string? wanted, string source, FilePlace? place = null)
    {
        List<JsonObject> containers = [.. definition.Objects("containerDefinitions")];
        var names = containers.Select(each => each.Text("name") ?? "(no name)");
        if (wanted is not null)
            return containers.FirstOrDefault(each => each.Text("name") == wanted) ?? throw Errors.ContainerMissing(place, source, wanted, names);
        List<JsonObject> found = containers.Count == 1 ? containers : [.. containers.Where(each => each.Flag("essential") ?? true)];
        return found.Count == 1 ? found[0] : throw Errors.ContainerUnclear(place, source, names);
    }
}

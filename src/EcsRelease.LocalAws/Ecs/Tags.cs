using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>Tags as ECS takes them: at most 50, keys of 1 to 128 characters, values of at most 256.</summary>
internal static class Tags
{
    /// <summary>The tags of a request, checked.</summary>
    public static JsonArray Of(JsonObject input, bool emptyIsRefused = false)
    {
        var tags = input.Objects("tags");
        if (emptyIsRefused && input["tags"] is not null && tags.Count == 0)
            throw EcsErrors.Client("Tags can not be empty.");
        foreach (var tag in tags)
        {
            var key = tag.Text("key");
            if (key is null or { Length: 0 or > 128 })
                throw EcsErrors.InvalidParameter($"Tag keys must have 1 to 128 characters, found '{key}'."); // constructed
            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
                throw EcsErrors.InvalidParameter($"Tag keys must not start with 'aws:', found '{key}'."); // constructed
            var value = tag.Text("value") ?? "";
            if (value.Length > 256)
                throw EcsErrors.InvalidParameter($"The value of tag '{key}' is longer than 256 characters."); // constructed
            if ((key + value).Any(c => !char.IsLetterOrDigit(c) && !char.IsWhiteSpace(c) && !"_.:/=+-@".Contains(c, StringComparison.Ordinal)))
                throw EcsErrors.InvalidParameter($"Invalid character in tag '{key}'. Tags can contain letters, digits, spaces and _ . : / = + - @."); // constructed
        }
        if (tags.Count > 50)
            throw EcsErrors.InvalidParameter("The maximum number of tags is 50."); // constructed
        return Merge([], tags);
    }

    public static JsonArray Merge(JsonArray existing, IReadOnlyList<JsonObject> added)
    {
        var merged = new Dictionary<string, string>();
        foreach (var tag in existing.Select(tag => tag!.AsObject()).Concat(added))
            merged[tag.Text("key")!] = tag.Text("value") ?? "";
        if (merged.Count > 50)
            throw EcsErrors.InvalidParameter("The maximum number of tags is 50."); // constructed
        return merged.Select(tag => (JsonNode)new JsonObject { ["key"] = tag.Key, ["value"] = tag.Value }).ToJsonArray();
    }
}

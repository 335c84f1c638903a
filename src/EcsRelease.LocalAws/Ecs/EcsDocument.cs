using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>
/// One stored resource: what AWS shows of it, its tags, and what the scheduler has to remember about it.
/// Keeping the three apart lets the shape hold members that this code does not know.
/// </summary>
internal sealed class EcsDocument
{
    private readonly JsonObject _root;

    public EcsDocument(string kind, string key, JsonObject shape)
        : this(new JsonObject { ["kind"] = kind, ["key"] = key, ["shape"] = shape, ["tags"] = new JsonArray(), ["own"] = new JsonObject() })
    {
    }

    public EcsDocument(JsonObject root) => _root = root;

    public string Kind => _root["kind"]!.GetValue<string>();

    public string Key => _root["key"]!.GetValue<string>();

    public JsonObject Shape => _root["shape"]!.AsObject();

    public JsonObject Own => _root["own"]!.AsObject();

    public JsonArray Tags
    {
        get => _root["tags"]!.AsArray();
        set => _root["tags"] = value;
    }

    public JsonObject Root => _root;

    /// <summary>The shape to answer with, with tags when they were asked for.</summary>
    public JsonObject Answer(bool withTags = false)
    {
        var shape = Shape.DeepClone().AsObject();
        if (withTags)
            shape["tags"] = Tags.DeepClone();
        return shape;
    }
}

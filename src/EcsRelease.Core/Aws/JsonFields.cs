using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsRelease.Aws;

/// <summary>Reads members of raw AWS JSON. A member that is absent or of another type reads as null or empty:
/// an answer newer than this code must not break it.</summary>
internal static class JsonFields
{
    public static string? Text(this JsonNode? node, string name) =>
        node.Member(name) is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public static int? Integer(this JsonNode? node, string name) =>
        node.Number(name) is { } number && number is >= int.MinValue and <= int.MaxValue ? (int)number : null;

    public static bool? Flag(this JsonNode? node, string name) =>
        node.Member(name) is JsonValue value && value.TryGetValue<bool>(out var flag) ? flag : null;

    /// <summary>A timestamp of the wire: epoch seconds with fraction.</summary>
    public static DateTimeOffset? Time(this JsonNode? node, string name) =>
        node.Number(name) is { } seconds ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)) : null;

    public static double EpochSeconds(this DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;

    public static JsonObject? Object(this JsonNode? node, string name) => node.Member(name) as JsonObject;

    /// <summary>The objects of a list; empty when it is absent.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonNode? node, string name) =>
        node.Member(name) is JsonArray list ? list.OfType<JsonObject>() : [];

    /// <summary>The strings of a list; empty when it is absent.</summary>
    public static IEnumerable<string> Texts(this JsonNode? node, string name) =>
        node.Member(name) is JsonArray list
            ? list.OfType<JsonValue>().Select(value => value.TryGetValue<string>(out var text) ? text : null).OfType<string>()
            : [];

    public static JsonArray ToJsonArray(this IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)JsonValue.Create(text))]);

    private static JsonNode? Member(this JsonNode? node, string name) =>
        node is JsonObject parent && parent.TryGetPropertyValue(name, out var member) ? member : null;

    public static decimal? Number(this JsonNode? node, string name) =>
        node.Member(name) is JsonValue value && value.GetValueKind() == JsonValueKind.Number
        && decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.Http;

/// <summary>Reads members of a request or document; a member of another JSON type is AWS's SerializationException.</summary>
internal static class JsonReading
{
    public static string? Text(this JsonObject from, string name) => from[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        var other => throw Wrong(name, "a String", other),
    };

    /// <summary>A String member that the model requires, and that must not be empty.</summary>
    public static string RequiredText(this JsonObject from, string name) => from.Text(name) is { Length: > 0 } text
        ? text
        : throw new AwsException("InvalidParameterException", $"Invalid parameter at '{name}' failed to satisfy constraint: 'Member must not be null'");

    /// <summary>A String member that clients also write as a number (cpu, memory).</summary>
    public static string? TextOrNumber(this JsonObject from, string name) =>
        from[name] is JsonValue value && IsNumber(value) ? value.ToJsonString() : from.Text(name);

    /// <summary>An Integer of the model: 32 bits.</summary>
    public static int? Number(this JsonObject from, string name) => (int?)from.Whole(name, "an Integer", int.MinValue, int.MaxValue);

    /// <summary>A Long of the model: 64 bits.</summary>
    public static long? LongNumber(this JsonObject from, string name) => from.Whole(name, "a Long", long.MinValue, long.MaxValue);

    public static double? Real(this JsonObject from, string name) => from[name] switch
    {
        null => null,
        JsonValue value when IsNumber(value) => double.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture),
        var other => throw Wrong(name, "a Double", other),
    };

    public static bool? Flag(this JsonObject from, string name) => from[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
        var other => throw Wrong(name, "a Boolean", other),
    };

    public static JsonObject? Object(this JsonObject from, string name) => from[name] switch
    {
        null => null,
        JsonObject value => value,
        var other => throw Wrong(name, "a structure", other),
    };

    public static JsonArray? Array(this JsonObject from, string name) => from[name] switch
    {
        null => null,
        JsonArray value => value,
        var other => throw Wrong(name, "a list", other),
    };

    public static IReadOnlyList<string> Texts(this JsonObject from, string name) =>
        [.. (from.Array(name) ?? []).Select(item => item is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw Wrong(name, "a list of String", item))];

    public static IReadOnlyList<JsonObject> Objects(this JsonObject from, string name) =>
        [.. (from.Array(name) ?? []).Select(item => item as JsonObject ?? throw Wrong(name, "a list of structures", item))];

    public static JsonArray ToJsonArray(this IEnumerable<JsonNode> nodes) => [.. nodes];

    public static JsonArray ToJsonArray(this IEnumerable<string> texts) => [.. texts.Select(text => (JsonNode)text)];

    /// <summary>The moment of a timestamp member, epoch seconds.</summary>
    public static DateTimeOffset? Moment(this JsonObject from, string name) =>
        from.Real(name) is { } seconds ? DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(seconds * 1000)) : null;

    /// <summary>A timestamp as JSON 1.1 writes it: epoch seconds with milliseconds as a fraction.</summary>
    public static JsonNode Stamp(this DateTimeOffset moment) =>
        JsonValue.Create(Math.Round(moment.ToUnixTimeMilliseconds() / 1000.0, 3));

    public static string Invariant(this long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>By its text: a value that was never parsed keeps the .NET type that it was made of, and converts to no other.</summary>
    private static long? Whole(this JsonObject from, string name, string expected, long lowest, long highest)
    {
        if (from[name] is not { } node)
            return null;
        return node is JsonValue value && IsNumber(value) && decimal.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number == decimal.Floor(number) && number >= lowest && number <= highest
            ? (long)number
            : throw Wrong(name, expected, node);
    }

    private static bool IsNumber(JsonValue value) => value.GetValueKind() == JsonValueKind.Number;

    private static AwsException Wrong(string name, string expected, JsonNode? found) =>
        new("SerializationException", $"Member '{name}' must be {expected}, found {found?.ToJsonString() ?? "null"}."); // constructed
}

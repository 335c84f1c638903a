using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>Reads members of a request or document; a member of another JSON type is AWS's SerializationException.</summary>
internal static class JsonReading
{
    public static string? Text(this JsonObject from, string name) => from[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        var other => throw Wrong(name, "a String", other),
    };

    /// <summary>A String member that clients also write as a number (cpu, memory).</summary>
    public static string? TextOrNumber(this JsonObject from, string name) =>
        from[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? value.ToJsonString() : from.Text(name);

    public static int? Number(this JsonObject from, string name) => from[name] switch
    {
        null => null,
        JsonValue value when IsNumber(value, out var number) && number == Math.Floor(number) && Math.Abs(number) < int.MaxValue => (int)number,
        var other => throw Wrong(name, "an Integer", other),
    };

    public static double? Real(this JsonObject from, string name) => from[name] switch
    {
        null => null,
        JsonValue value when IsNumber(value, out var number) => number,
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
    private static bool IsNumber(JsonValue value, out double number)
    {
        number = 0;
        return value.GetValueKind() == JsonValueKind.Number && double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }

    private static AwsException Wrong(string name, string expected, JsonNode? found) =>
        new("SerializationException", $"Member '{name}' must be {expected}, found {found?.ToJsonString() ?? "null"}.");
}

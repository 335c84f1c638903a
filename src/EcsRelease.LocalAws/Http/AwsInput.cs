using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.Http;

/// <summary>Members of a request. A member of another JSON type is a SerializationException, as on AWS.</summary>
internal static class AwsInput
{
    public static string? Text(this JsonObject input, string name) => input.Member<string>(name, JsonValueKind.String, "STRING");

    public static string RequiredText(this JsonObject input, string name) => input.Text(name) is { Length: > 0 } text
        ? text
        : throw new AwsException("InvalidParameterException", $"Invalid parameter at '{name}' failed to satisfy constraint: 'Member must not be null'");

    public static bool Flag(this JsonObject input, string name) => input[name] switch
    {
        null => false,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
        _ => throw Wrong(name, "BOOLEAN"),
    };

    public static long? Number(this JsonObject input, string name)
    {
        if (input[name] is not { } node)
            return null;
        return node is JsonValue value && value.TryGetValue<long>(out var number) ? number : throw Wrong(name, "NUMBER");
    }

    public static JsonObject? Structure(this JsonObject input, string name) => input[name] switch
    {
        null => null,
        JsonObject structure => structure,
        _ => throw Wrong(name, "structure"),
    };

    public static IReadOnlyList<string> Texts(this JsonObject input, string name) =>
        [.. input.Items(name).Select(item => item is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw Wrong(name, "STRING"))];

    public static IReadOnlyList<JsonObject> Structures(this JsonObject input, string name) =>
        [.. input.Items(name).Select(item => item as JsonObject ?? throw Wrong(name, "structure"))];

    private static JsonArray Items(this JsonObject input, string name) => input[name] switch
    {
        null => [],
        JsonArray items => items,
        _ => throw Wrong(name, "list"),
    };

    private static T? Member<T>(this JsonObject input, string name, JsonValueKind kind, string expected)
        where T : class
    {
        if (input[name] is not { } node)
            return null;
        return node.GetValueKind() == kind && node is JsonValue value && value.TryGetValue<T>(out var result) ? result : throw Wrong(name, expected);
    }

    private static AwsException Wrong(string name, string expected) =>
        new("SerializationException", string.Create(CultureInfo.InvariantCulture, $"Member '{name}' can not be converted to {expected}"));
}

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EcsRelease.Tests.Aws.Botocore;

/// <summary>One service as botocore's `service-2.json` describes it: what a request of an operation may hold.</summary>
internal sealed class ServiceModel(JsonElement model, NewerMembers newer)
{
    private readonly JsonElement _operations = model.GetProperty("operations");
    private readonly JsonElement _shapes = model.GetProperty("shapes");

    public bool Knows(string operation) => _operations.TryGetProperty(operation, out _);

    /// <summary>What is wrong with a request, one line each, with the place of it; empty when the service could take it.</summary>
    public IReadOnlyList<string> Problems(string operation, JsonObject request)
    {
        var problems = new List<string>();
        if (_operations.GetProperty(operation).TryGetProperty("input", out var input))
            Check(Shape(input), input.GetProperty("shape").GetString()!, request, operation, problems);
        else if (request.Count > 0)
            problems.Add($"{operation} takes no members");
        return problems;
    }

    private JsonElement Shape(JsonElement reference) => _shapes.GetProperty(reference.GetProperty("shape").GetString()!);

    private void Check(JsonElement shape, string name, JsonNode value, string place, List<string> problems)
    {
        var type = shape.GetProperty("type").GetString()!;
        if (type == "structure" && shape.TryGetProperty("document", out var isDocument) && isDocument.GetBoolean())
            return;
        if (!IsOf(type, value))
        {
            problems.Add($"{place} is {value.ToJsonString()}, not a {type}");
            return;
        }
        switch (value)
        {
            case JsonObject structure when type == "structure":
                CheckMembers(shape, name, structure, place, problems);
                break;
            case JsonObject map:
                CheckSize(shape, map.Count, $"has {map.Count} entries", place, problems);
                foreach (var (key, entry) in map)
                {
                    CheckText(Shape(shape.GetProperty("key")), key, $"{place} key", problems);
                    if (entry is null)
                        problems.Add($"{place}.{key} is null");
                    else
                        Check(shape.GetProperty("value"), entry, $"{place}.{key}", problems);
                }
                break;
            case JsonArray list:
                CheckSize(shape, list.Count, $"has {list.Count} items", place, problems);
                for (var i = 0; i < list.Count; i++)
                    if (list[i] is { } item)
                        Check(shape.GetProperty("member"), item, $"{place}[{i}]", problems);
                    else
                        problems.Add($"{place}[{i}] is null");
                break;
            case JsonValue text when text.TryGetValue<string>(out var characters):
                CheckText(shape, characters, place, problems);
                break;
            case JsonValue number when number.GetValueKind() == JsonValueKind.Number:
                CheckSize(shape, number.Deserialize<double>(), $"is {number.ToJsonString()}", place, problems);
                break;
        }
    }

    private void Check(JsonElement reference, JsonNode value, string place, List<string> problems) =>
        Check(Shape(reference), reference.GetProperty("shape").GetString()!, value, place, problems);

    private void CheckMembers(JsonElement shape, string name, JsonObject structure, string place, List<string> problems)
    {
        // JSON 1.1 takes a null for an absent member.
        if (shape.TryGetProperty("required", out var required))
            problems.AddRange(required.EnumerateArray().Select(member => member.GetString()!).Where(member => structure[member] is null)
                .Select(member => $"{place} lacks '{member}'"));
        foreach (var (member, value) in structure)
            if (!shape.GetProperty("members").TryGetProperty(member, out var reference))
            {
                if (!newer.Has(name, member))
                    problems.Add($"{place} has the unknown member '{member}'");
            }
            else if (value is not null)
                Check(reference, value, $"{place}.{member}", problems);
    }

    private static void CheckText(JsonElement shape, string text, string place, List<string> problems)
    {
        if (shape.TryGetProperty("enum", out var words) && !words.EnumerateArray().Any(word => word.GetString() == text))
            problems.Add($"{place} is '{text}', not one of {string.Join(", ", words.EnumerateArray().Select(word => word.GetString()))}");
        CheckSize(shape, text.Length, $"has {text.Length} characters", place, problems);
        if (shape.TryGetProperty("pattern", out var pattern) && Expression(pattern.GetString()!) is { } expression && !expression.IsMatch(text))
            problems.Add($"{place} is '{text}', which does not match {pattern.GetString()}");
    }

    private static void CheckSize(JsonElement shape, double size, string said, string place, List<string> problems)
    {
        if (shape.TryGetProperty("min", out var min) && size < min.GetDouble())
            problems.Add($"{place} {said}, less than {min}");
        if (shape.TryGetProperty("max", out var max) && size > max.GetDouble())
            problems.Add($"{place} {said}, more than {max}");
    }

    private static bool IsOf(string type, JsonNode value) => type switch
    {
        "structure" or "map" => value is JsonObject,
        "list" => value is JsonArray,
        "boolean" => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "integer" or "long" => value.GetValueKind() == JsonValueKind.Number && double.IsInteger(value.Deserialize<double>()),
        "float" or "double" => value.GetValueKind() == JsonValueKind.Number,
        // A number in JSON protocols, a text in the query protocol.
        "timestamp" => value.GetValueKind() is JsonValueKind.Number or JsonValueKind.String,
        _ => value.GetValueKind() == JsonValueKind.String,
    };

    private static Regex? Expression(string pattern)
    {
        try
        {
            return new Regex($@"\A(?:{pattern})\z", RegexOptions.None, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException)
        {
            // AWS writes its patterns for Java, which has classes that .NET lacks (\p{Print}); such a text goes unchecked.
            return null;
        }
    }
}

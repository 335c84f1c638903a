using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsRelease.Aws.Wire;

/// <summary>Members as the query protocol names them (smithy.io/2.0/aws/protocols/aws-query-protocol.html): structures
/// by dots, lists by `member.N` from 1.</summary>
internal static class QueryParameters
{
    public static IEnumerable<KeyValuePair<string, string>> Of(JsonObject request) =>
        request.SelectMany(member => Of(member.Key, member.Value));

    private static IEnumerable<KeyValuePair<string, string>> Of(string name, JsonNode? value) => value switch
    {
        null => [],
        JsonObject structure => structure.SelectMany(member => Of($"{name}.{member.Key}", member.Value)),
        // An empty list is sent as its name without a value.
        JsonArray { Count: 0 } => [new(name, "")],
        JsonArray list => list.SelectMany((item, index) => Of($"{name}.member.{index + 1}", item)),
        _ => [new(name, value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString())],
    };
}

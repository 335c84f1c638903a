using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>The answer of a List operation: one page by maxResults (1 to 100) and nextToken, in the order of their keys.</summary>
internal static class EcsList
{
    public static JsonObject Of<T>(
        string member, IEnumerable<T> items, Func<T, string> key, Func<T, JsonNode> shown, JsonObject input, int defaultSize = 100, bool descending = false)
    {
        var size = input.Number("maxResults") ?? defaultSize;
        if (size is < 1 or > 100)
            throw EcsErrors.InvalidParameter($"maxResults must be between 1 and 100, found {size}."); // constructed
        var page = Page<T>.Of(items, key, input.Text("nextToken"), size, descending);
        var answer = new JsonObject { [member] = page.Items.Select(shown).ToJsonArray() };
        if (page.NextToken is { } token)
            answer["nextToken"] = token;
        return answer;
    }

    /// <summary>A list of ARNs.</summary>
    public static JsonObject Arns(string member, IEnumerable<EcsDocument> documents, string arn, JsonObject input, int defaultSize = 100, bool descending = false) =>
        Of(member, documents, document => document.Key, document => document.Shape.Text(arn)!, input, defaultSize, descending);
}

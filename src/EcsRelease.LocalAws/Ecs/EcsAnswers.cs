using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>The shapes in which ECS answers List and Describe operations.</summary>
internal static class EcsAnswers
{
    /// <summary>Describe never pages; what is not found is among the failures.</summary>
    /// <param name="arn">ARN of what was asked for and is MISSING.</param>
    public static JsonObject Described(string member, IEnumerable<string> asked, Func<string, JsonObject?> find, Func<string, string> arn)
    {
        var found = new JsonArray();
        var failures = new JsonArray();
        foreach (var id in asked)
        {
            if (find(id) is { } shape)
                found.Add(shape);
            else
                failures.Add(EcsErrors.Missing(arn(id)));
        }
        return new JsonObject { [member] = found, ["failures"] = failures };
    }

    /// <summary>One page by maxResults (1 to 100) and nextToken, in the order of the keys.</summary>
    public static JsonObject Listed<T>(
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

    /// <summary>A page of ARNs.</summary>
    /// <param name="arn">Member of a document that holds what is listed.</param>
    public static JsonObject ListedArns(string member, IEnumerable<EcsDocument> documents, string arn, JsonObject input, int defaultSize = 100, bool descending = false) =>
        Listed(member, documents, document => document.Key, document => document.Shape.Text(arn)!, input, defaultSize, descending);
}

using System.Text;
using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>Pages of a list: maxResults (1 to 100) and nextToken, which is the last item that was given out.</summary>
internal static class Page
{
    public static JsonObject Of(string member, IReadOnlyList<(string Id, JsonNode Item)> items, JsonObject input, int defaultSize)
    {
        var size = input.Number("maxResults") ?? defaultSize;
        if (size is < 1 or > 100)
            throw EcsErrors.InvalidParameter($"maxResults must be between 1 and 100, found {size}.");
        var start = 0;
        if (input.Text("nextToken") is { Length: > 0 } token)
        {
            var last = Decode(token);
            start = items.TakeWhile(item => item.Id != last).Count() + 1;
            if (start > items.Count)
                throw EcsErrors.InvalidParameter("Invalid token.");
        }
        var page = items.Skip(start).Take(size).ToList();
        var answer = new JsonObject { [member] = page.Select(item => item.Item).ToJsonArray() };
        if (start + size < items.Count)
            answer["nextToken"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(page[^1].Id));
        return answer;
    }

    public static JsonObject OfTexts(string member, IEnumerable<string> items, JsonObject input, int defaultSize = 100) =>
        Of(member, [.. items.Select(item => (item, (JsonNode)item))], input, defaultSize);

    private static string Decode(string token)
    {
        var buffer = new byte[token.Length];
        return Convert.TryFromBase64String(token, buffer, out var length)
            ? Encoding.UTF8.GetString(buffer, 0, length)
            : throw EcsErrors.InvalidParameter("Invalid token.");
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>
/// Pages of a list: maxResults (1 to 100) and nextToken. The token is the place and the id of the last item given out: a list goes
/// on after that item, or at its place when the item has left the list in between.
/// </summary>
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
            var (place, last) = Decode(token);
            var before = items.TakeWhile(item => item.Id != last).Count();
            start = before < items.Count ? before + 1 : Math.Max(place - 1, 0);
        }
        var page = items.Skip(start).Take(size).ToList();
        var answer = new JsonObject { [member] = page.Select(item => item.Item).ToJsonArray() };
        if (start + size < items.Count)
            answer["nextToken"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{start + size} {page[^1].Id}")));
        return answer;
    }

    public static JsonObject OfTexts(string member, IEnumerable<string> items, JsonObject input, int defaultSize = 100) =>
        Of(member, [.. items.Select(item => (item, (JsonNode)item))], input, defaultSize);

    private static (int Place, string Id) Decode(string token)
    {
        var buffer = new byte[token.Length];
        var parts = Convert.TryFromBase64String(token, buffer, out var length) ? Encoding.UTF8.GetString(buffer, 0, length).Split(' ', 2) : [];
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            ? (place, parts[1])
            : throw EcsErrors.InvalidParameter("Invalid token.");
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.Http;

internal static class Json
{
    public const string AwsContentType = "application/x-amz-json-1.1";

    // AWS writes ' and < as they are; System.Text.Json would write \u0027.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task WriteAsync(HttpResponse response, JsonObject body, string contentType, CancellationToken cancellationToken)
    {
        DropNulls(body);
        response.ContentType = contentType;
        await response.WriteAsync(body.ToJsonString(Plain), cancellationToken);
    }

    /// <summary>AWS leaves a member out rather than writing null.</summary>
    private static void DropNulls(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            foreach (var name in members.Where(member => member.Value is null).Select(member => member.Key).ToList())
                members.Remove(name);
            foreach (var (_, value) in members)
                DropNulls(value);
        }
        else if (node is JsonArray items)
        {
            foreach (var item in items)
                DropNulls(item);
        }
    }
}

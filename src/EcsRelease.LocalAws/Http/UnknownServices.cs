using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.Http;

/// <summary>
/// Requests by path, as services answer them that are not here: REST, and Smithy's RPC with CBOR, which CloudWatch speaks
/// (https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html). A 404 that says so is not asked again by an SDK.
/// </summary>
internal static class UnknownServices
{
    private const string Type = "UnknownOperationException";
    private const string Cbor = "rpc-v2-cbor";

    public static async Task HandleAsync(HttpContext context)
    {
        var message = $"The local AWS does not offer {context.Request.Method} {context.Request.Path}.";
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.Headers["x-amzn-RequestId"] = Guid.NewGuid().ToString();
        if (context.Request.Headers["smithy-protocol"] == Cbor)
        {
            context.Response.Headers["smithy-protocol"] = Cbor;
            context.Response.ContentType = "application/cbor";
            await context.Response.Body.WriteAsync(Map(("__type", Type), ("message", message)), context.RequestAborted);
            return;
        }

        context.Response.Headers["x-amzn-ErrorType"] = Type;
        await Json.WriteAsync(context.Response, new JsonObject { ["__type"] = Type, ["message"] = message }, "application/json", context.RequestAborted);
    }

    /// <summary>A map of few texts (RFC 8949, 3.1: major types 5 and 3).</summary>
    private static byte[] Map(params (string Name, string Value)[] members) =>
        [(byte)(0xA0 | members.Length), .. members.SelectMany(member => (byte[])[.. Text(member.Name), .. Text(member.Value)])];

    private static byte[] Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var head = new byte[] { 0x79, 0, 0 };
        BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(1), (ushort)bytes.Length);
        return [.. head, .. bytes];
    }
}

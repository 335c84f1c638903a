using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;
using Amazon.Runtime.Internal.Util;

namespace EcsRelease.Aws.Wire;

/// <summary>The AWS JSON 1.1 protocol: POST /, X-Amz-Target, the members as they are
/// (smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html).</summary>
internal sealed class JsonCallMarshaller(AwsService service) : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var call = (JsonCall)input;
        var request = new DefaultRequest(call, service.ServiceId)
        {
            HttpMethod = "POST",
            ResourcePath = "/",
            Content = JsonSerializer.SerializeToUtf8Bytes(call.Body),
        };
        request.Headers["Content-Type"] = "application/x-amz-json-1.1";
        request.Headers["X-Amz-Target"] = $"{service.TargetPrefix}.{call.Operation}";
        return request;
    }
}

internal sealed class JsonAnswerUnmarshaller : JsonResponseUnmarshaller
{
    public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext context) =>
        Parse(context) is { } body ? new JsonAnswer { Body = body } : throw new InvalidDataException("The answer is not a JSON object.");

    public override AmazonServiceException UnmarshallException(JsonUnmarshallerContext context, Exception innerException, HttpStatusCode statusCode)
    {
        var body = Parse(context);
        var code = Text(body, "__type") ?? Text(body, "code") ?? context.ResponseData.GetHeaderValue("x-amzn-ErrorType");
        var message = Text(body, "message") ?? Text(body, "Message") ?? Text(body, "errorMessage") ?? $"HTTP {(int)statusCode}";
        return new AmazonServiceException(message, null, ErrorType.Unknown, NameOf(code) ?? $"Http{(int)statusCode}",
            context.ResponseData.GetHeaderValue("x-amzn-RequestId"), statusCode);
    }

    // `ns#Name:http://…`: only the name counts (awsJson error rules).
    private static string? NameOf(string? code)
    {
        if (string.IsNullOrEmpty(code))
            return null;
        var name = code[(code.LastIndexOf('#') + 1)..];
        return name.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 ? name[..colon] : name;
    }

    private static string? Text(JsonObject? body, string member) =>
        body?[member] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    private static JsonObject? Parse(JsonUnmarshallerContext context)
    {
        using var copy = new MemoryStream();
        context.Stream.CopyTo(copy);
        try
        {
            return copy.Length == 0 ? [] : JsonNode.Parse(copy.ToArray()) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml;
using System.Xml.Linq;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace EcsRelease.Aws.Wire;

/// <summary>The AWS query protocol: POST / with Action, Version and the members as form parameters.</summary>
internal sealed class QueryCallMarshaller(AwsService service) : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var call = (JsonCall)input;
        IEnumerable<KeyValuePair<string, string>> parameters =
            [new("Action", call.Operation), new("Version", service.QueryVersion!), .. QueryParameters.Of(call.Body)];
        var form = string.Join('&', parameters.Select(each => $"{Uri.EscapeDataString(each.Key)}={Uri.EscapeDataString(each.Value)}"));
        var request = new DefaultRequest(call, service.ServiceId) { HttpMethod = "POST", ResourcePath = "/", Content = Encoding.UTF8.GetBytes(form) };
        request.Headers["Content-Type"] = "application/x-www-form-urlencoded; charset=utf-8";
        return request;
    }
}

internal sealed class QueryAnswerUnmarshaller : XmlResponseUnmarshaller
{
    /// <summary>`&lt;ActionResponse&gt;&lt;ActionResult&gt;members…`; an action without output has no result.</summary>
    public override AmazonWebServiceResponse Unmarshall(XmlUnmarshallerContext context)
    {
        var root = Parse(context) ?? throw new InvalidDataException("The answer is no XML.");
        var result = root.Elements().FirstOrDefault(each => each.Name.LocalName.EndsWith("Result", StringComparison.Ordinal));
        return new JsonAnswer { Body = result is null ? [] : Value(result) as JsonObject ?? [] };
    }

    /// <summary>`&lt;ErrorResponse&gt;&lt;Error&gt;&lt;Code&gt;…&lt;Message&gt;…`.</summary>
    public override AmazonServiceException UnmarshallException(XmlUnmarshallerContext context, Exception innerException, HttpStatusCode statusCode)
    {
        var root = Parse(context);
        var message = Text(root, "Message") is { Length: > 0 } text ? text : $"HTTP {(int)statusCode}";
        var id = Text(root, "RequestId") ?? Text(root, "RequestID") ?? context.ResponseData.GetHeaderValue("x-amzn-RequestId");
        return new AmazonServiceException(message, null, ErrorType.Unknown, Text(root, "Code") ?? $"Http{(int)statusCode}", id, statusCode);
    }

    private static JsonNode Value(XElement element)
    {
        var children = element.Elements().ToList();
        if (children.Count == 0)
            return JsonValue.Create(element.Value);
        if (children.TrueForAll(child => child.Name.LocalName == "member"))
            return new JsonArray([.. children.Select(Value)]);
        var members = new JsonObject();
        foreach (var child in children)
            members[child.Name.LocalName] = Value(child);
        return members;
    }

    private static string? Text(XElement? root, string name) => root?.DescendantsAndSelf().FirstOrDefault(each => each.Name.LocalName == name)?.Value;

    private static XElement? Parse(XmlUnmarshallerContext context)
    {
        try
        {
            using var reader = XmlReader.Create(context.Stream, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            return XElement.Load(reader);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}

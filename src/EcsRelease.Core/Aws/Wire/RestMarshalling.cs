using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace EcsRelease.Aws.Wire;

/// <summary>The REST JSON protocol: members in path, query and body (smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html).
/// Answers and errors have JSON 1.1's form, the error's name in a header.</summary>
internal sealed class RestCallMarshaller(AwsService service) : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        var call = (JsonCall)input;
        var route = service.Routes!.GetValueOrDefault(call.Operation) ?? throw new InvalidOperationException($"{service.Prefix}:{call.Operation} has no route.");
        var request = new DefaultRequest(call, service.ServiceId) { HttpMethod = route.Method, ResourcePath = route.Path, UseQueryString = true };
        var rest = (JsonObject)call.Body.DeepClone();
        foreach (var (member, value) in call.Body.Where(member => route.Path.Contains($"{{{member.Key}}}", StringComparison.Ordinal)))
        {
            request.AddPathResource($"{{{member}}}", Text(value!));
            rest.Remove(member);
        }
        if (route.Method == "GET")
        {
            foreach (var (member, value) in rest.Where(member => member.Value is not null))
                request.Parameters.Add(route.Query.GetValueOrDefault(member, member), Text(value!));
            return request;
        }
        request.Content = JsonSerializer.SerializeToUtf8Bytes(rest);
        request.Headers["Content-Type"] = "application/json";
        return request;
    }

    private static string Text(JsonNode value) => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();
}

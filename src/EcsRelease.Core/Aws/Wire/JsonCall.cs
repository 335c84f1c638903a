using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace EcsRelease.Aws.Wire;

internal sealed class JsonCall(string operation, JsonObject body, bool mayBeRepeated) : AmazonWebServiceRequest
{
    public string Operation { get; } = operation;

    public JsonObject Body { get; } = body;

    public bool MayBeRepeated { get; } = mayBeRepeated;
}

internal sealed class JsonAnswer : AmazonWebServiceResponse
{
    public JsonObject Body { get; set; } = [];
}

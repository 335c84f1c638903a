namespace EcsRelease.LocalAws.Http;

/// <summary>POST / with X-Amz-Target: JSON 1.1 (https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html).</summary>
public sealed class AwsJsonEndpoint(IEnumerable<IAwsJsonService> services, SignedCalls calls)
{
    private static readonly Dictionary<string, string> SigningNames = new(StringComparer.Ordinal)
    {
        ["AmazonEC2ContainerServiceV20141113"] = "ecs",
        ["AmazonEC2ContainerRegistry_V20150921"] = "ecr",
        ["Logs_20140328"] = "logs",
        ["AWSEvents"] = "events",
    };

    private readonly Dictionary<string, IAwsJsonService> services = services.ToDictionary(service => service.TargetPrefix);

    public Task HandleAsync(HttpContext context, byte[] body, string rawTarget, string target) =>
        calls.RunAsync(context, body, rawTarget, Json.AwsContentType, () => Read(target, body), error => WriteErrorAsync(context, error));

    private SignedCall Read(string target, byte[] body)
    {
        var dot = target.LastIndexOf('.');
        var (prefix, operation) = dot < 0 ? ("", target) : (target[..dot], target[(dot + 1)..]);
        if (!SigningNames.TryGetValue(prefix, out var signingName) || !services.TryGetValue(prefix, out var service))
            throw new AwsException("UnknownOperationException", $"The local AWS does not offer {target}.");
        // A caller that hangs up has started the operation all the same, as on AWS.
        return new(signingName, operation, SignedCalls.Parse(body), (input, caller) => service.InvokeAsync(operation, input, caller, CancellationToken.None));
    }

    private static async Task WriteErrorAsync(HttpContext context, AwsException e)
    {
        var body = e.Members.DeepClone().AsObject();
        body["__type"] = e.Type;
        body["message"] = e.Message;
        context.Response.StatusCode = e.Status;
        await Json.WriteAsync(context.Response, body, Json.AwsContentType, context.RequestAborted);
    }
}

using Amazon.Runtime;
using Amazon.Runtime.Internal;
using EcsRelease.Aws.Wire;

namespace EcsRelease.Aws;

/// <summary>A service of the AWS query protocol. Requests are JSON here as everywhere and become parameters
/// (`Names.member.1`); answers come as JSON with every value a text, lists as arrays.</summary>
public sealed class QueryClient(AwsService service, Uri endpoint, string region, AWSCredentials credentials, AwsHttp http, TimeProvider time, Random? jitter = null)
    : WireClient(service, endpoint, region, credentials, http, time, jitter)
{
    private protected override InvokeOptions Protocol(AwsService service) =>
        new() { RequestMarshaller = new QueryCallMarshaller(service), ResponseUnmarshaller = new QueryAnswerUnmarshaller() };
}

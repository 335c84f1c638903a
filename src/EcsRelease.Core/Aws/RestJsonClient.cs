using Amazon.Runtime;
using Amazon.Runtime.Internal;
using EcsRelease.Aws.Wire;

namespace EcsRelease.Aws;

/// <summary>A service of the REST JSON protocol. Requests are JSON here as everywhere and become path, query and body.</summary>
public sealed class RestJsonClient(AwsService service, Uri endpoint, string region, AWSCredentials credentials, AwsHttp http, TimeProvider time, Random? jitter = null)
    : WireClient(service, endpoint, region, credentials, http, time, jitter)
{
    private protected override InvokeOptions Protocol(AwsService service) =>
        new() { RequestMarshaller = new RestCallMarshaller(service), ResponseUnmarshaller = new JsonAnswerUnmarshaller() };
}

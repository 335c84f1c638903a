using Amazon.Runtime;
using Amazon.Runtime.Internal;
using EcsRelease.Aws.Wire;

namespace EcsRelease.Aws;

/// <summary>A service of the AWS JSON 1.1 protocol; the JSON passes through untouched.</summary>
public sealed class Json11Client(AwsService service, Uri endpoint, string region, AWSCredentials credentials, AwsHttp http, TimeProvider time, Random? jitter = null)
    : WireClient(service, endpoint, region, credentials, http, time, jitter)
{
    private protected override InvokeOptions Protocol(AwsService service) =>
        new() { RequestMarshaller = new JsonCallMarshaller(service), ResponseUnmarshaller = new JsonAnswerUnmarshaller() };
}

using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using EcsRelease.Aws.Json11;

namespace EcsRelease.Aws;

/// <summary>A service of the AWS JSON 1.1 protocol on AWSSDK.Core's own pipeline: its signing, credentials, clock skew
/// correction and retries; the JSON passes through untouched.</summary>
public sealed class Json11Client : AmazonServiceClient, IJsonService
{
    private readonly AwsService _service;
    private readonly Uri _endpoint;
    private readonly TimeProvider _time;

    /// <param name="jitter">Spreads the retries of several runs; seeded in tests.</param>
    public Json11Client(AwsService service, Uri endpoint, string region, AWSCredentials credentials, AwsHttp http, TimeProvider time, Random? jitter = null)
        : base(credentials, new Json11Config(service, endpoint, region, http))
    {
        _service = service;
        _endpoint = endpoint;
        _time = time;
        RuntimePipeline.ReplaceHandler<RetryHandler>(new RetryHandler(new AwsRetryPolicy(Config, time, jitter ?? Random.Shared)));
    }

    public async Task<JsonObject> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken)
    {
        for (var pauses = 0; ; pauses++)
        {
            try
            {
                return await SendAsync(operation, request, cancellationToken);
            }
            catch (AwsServiceException refusal) when (NotYet.Is(refusal) && pauses < NotYet.Pauses)
            {
                await Task.Delay(NotYet.Pause, _time, cancellationToken);
            }
        }
    }

    private async Task<JsonObject> SendAsync(string operation, JsonObject request, CancellationToken cancellationToken)
    {
        var name = $"{_service.Prefix}:{operation}";
        var options = new InvokeOptions { RequestMarshaller = new JsonCallMarshaller(_service), ResponseUnmarshaller = new JsonAnswerUnmarshaller() };
        try
        {
            var call = new JsonCall(operation, request, AwsOperations.MayBeRepeated(name, request));
            return (await InvokeAsync<JsonAnswer>(call, options, cancellationToken)).Body;
        }
        catch (Exception exception) when (exception is not (EcsReleaseException or AwsServiceException) && !cancellationToken.IsCancellationRequested)
        {
            throw AnswerFailure.Of(name, _endpoint, exception);
        }
    }

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new BaseEndpointResolver());
        pipeline.AddHandlerAfter<Marshaller>(new SignatureV4());
    }

    private sealed class SignatureV4 : BaseAuthResolverHandler
    {
        protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) =>
            Amazon.Runtime.Credentials.Internal.AuthSchemeOption.DEFAULT_SIGV4;
    }
}

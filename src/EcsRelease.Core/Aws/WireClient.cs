using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using EcsRelease.Aws.Wire;

namespace EcsRelease.Aws;

/// <summary>An AWS service on AWSSDK.Core's own pipeline: its signing, credentials, clock skew correction and retries.
/// The protocol lies in the marshaller and the unmarshaller of the derived client.</summary>
public abstract class WireClient : AmazonServiceClient, IJsonService
{
    private readonly AwsService _service;
    private readonly Uri _endpoint;
    private readonly TimeProvider _time;

    /// <param name="region">Region of the signature.</param>
    /// <param name="jitter">Spreads the retries of several runs; seeded in tests.</param>
    private protected WireClient(AwsService service, Uri endpoint, string region, AWSCredentials credentials, AwsHttp http, TimeProvider time, Random? jitter)
        : base(credentials, new WireConfig(service, endpoint, region, http))
    {
        _service = service;
        _endpoint = endpoint;
        _time = time;
        RuntimePipeline.ReplaceHandler<RetryHandler>(new RetryHandler(new AwsRetryPolicy(Config, time, jitter ?? Random.Shared)));
    }

    /// <summary>The client of the protocol that the service speaks.</summary>
    /// <param name="region">Region of the signature.</param>
    public static WireClient For(AwsService service, Uri endpoint, string region, AWSCredentials credentials, AwsHttp http, TimeProvider time) => service switch
    {
        { QueryVersion: not null } => new QueryClient(service, endpoint, region, credentials, http, time),
        { Routes: not null } => new RestJsonClient(service, endpoint, region, credentials, http, time),
        _ => new Json11Client(service, endpoint, region, credentials, http, time),
    };

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

    private protected abstract InvokeOptions Protocol(AwsService service);

    private async Task<JsonObject> SendAsync(string operation, JsonObject request, CancellationToken cancellationToken)
    {
        var name = $"{_service.Prefix}:{operation}";
        try
        {
            var call = new JsonCall(operation, request, AwsOperations.MayBeRepeated(name, request));
            return (await InvokeAsync<JsonAnswer>(call, Protocol(_service), cancellationToken)).Body;
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

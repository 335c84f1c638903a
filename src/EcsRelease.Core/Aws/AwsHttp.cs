using Amazon.Runtime;

namespace EcsRelease.Aws;

/// <summary>The HTTP client of one connection to AWS, shared by its services. Proxies are .NET's own: HTTPS_PROXY,
/// NO_PROXY and the system's settings.</summary>
public sealed class AwsHttp : HttpClientFactory, IDisposable
{
    private readonly HttpClient _client;

    /// <param name="useProxy">False for endpoints on this machine.</param>
    public AwsHttp(TimeProvider time, TimeSpan? answerTimeout = null, bool useProxy = true)
    {
        var connections = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            // Shorter than AWS keeps an idle connection: one that AWS is about to close would cost a lost answer.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(15),
            UseCookies = false,
            UseProxy = useProxy,
            AllowAutoRedirect = false,
        };
        _client = new HttpClient(new WholeAnswer(connections, answerTimeout ?? TimeSpan.FromSeconds(30), time))
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    public static string UserAgent { get; } = $"EcsRelease/{EngineVersion.Current}";

    public override HttpClient CreateHttpClient(IClientConfig clientConfig) => _client;

    public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

    public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;

    public void Dispose() => _client.Dispose();

    /// <summary>Reads an answer to its end within the time limit, so that a body that is cut half way fails as the
    /// request does and not later.</summary>
    private sealed class WholeAnswer(HttpMessageHandler inner, TimeSpan limit, TimeProvider time) : DelegatingHandler(inner)
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            using var timer = new CancellationTokenSource(limit, time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
            HttpResponseMessage? response = null;
            try
            {
                response = await base.SendAsync(request, both.Token);
                await response.Content.LoadIntoBufferAsync(both.Token);
                return response;
            }
            catch (Exception exception)
            {
                response?.Dispose();
                if (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested && timer.IsCancellationRequested)
                    throw new HttpRequestException($"no answer within {limit.TotalSeconds:0} s", new TimeoutException(null, exception));
                throw;
            }
        }
    }
}

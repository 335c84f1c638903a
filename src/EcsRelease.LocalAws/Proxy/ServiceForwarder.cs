using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Yarp.ReverseProxy.Forwarder;

namespace EcsRelease.LocalAws.Proxy;

/// <summary>Sends a request of a service's address to one of its tasks.</summary>
internal sealed class ServiceForwarder(TaskPools pools, IHttpForwarder forwarder) : IDisposable
{
    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    });

    public async Task ForwardAsync(HttpContext context, string serviceKey)
    {
        if (context.Request.Host.Host is not ("127.0.0.1" or "localhost"))
        {
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            await context.Response.WriteAsync("This address serves 127.0.0.1 and localhost only.\n", context.RequestAborted);
            return;
        }
        var refused = new List<PooledTask>();
        while (pools.Take(serviceKey, refused) is { } task)
        {
            try
            {
                var error = await forwarder.SendAsync(context, $"http://127.0.0.1:{task.Port}/", _client, ForwarderRequestConfig.Empty, KeepHost.Instance);
                if (error == ForwarderError.None || !WasRefused(context))
                    return;
            }
            finally
            {
                pools.Release(task);
            }
            refused.Add(task);
            context.Response.StatusCode = StatusCodes.Status200OK;
            context.Features.Set<IForwarderErrorFeature>(null);
        }
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        await context.Response.WriteAsync($"No task of service {serviceKey} answers now. See its events: aws ecs describe-services.\n", context.RequestAborted);
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Nobody listened, so nothing of the request was sent and another task may have it.</summary>
    private static bool WasRefused(HttpContext context) =>
        !context.Response.HasStarted
        && context.Features.Get<IForwarderErrorFeature>()?.Exception is HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } };

    /// <summary>The app sees the host that the client named, and X-Forwarded headers, as behind a load balancer.</summary>
    private sealed class KeepHost : HttpTransformer
    {
        public static KeepHost Instance { get; } = new();

        public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            proxyRequest.Headers.Host = httpContext.Request.Host.Value;
            proxyRequest.Headers.Remove("X-Forwarded-For");
            proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-For", httpContext.Connection.RemoteIpAddress?.ToString());
            proxyRequest.Headers.Remove("X-Forwarded-Proto");
            proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-Proto", httpContext.Request.Scheme);
        }
    }
}

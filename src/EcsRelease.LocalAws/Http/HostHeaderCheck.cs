namespace EcsRelease.LocalAws.Http;

/// <summary>
/// Refuses a request whose Host header names another host: a web page that rebinds its DNS name to 127.0.0.1
/// would otherwise be same-origin with this server.
/// </summary>
internal static class HostHeaderCheck
{
    public static bool IsLocal(HostString host) =>
        host.Host is "127.0.0.1" or "localhost" || host.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    public static async Task RunAsync(HttpContext context, RequestDelegate next)
    {
        if (IsLocal(context.Request.Host))
        {
            await next(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
        context.Response.ContentType = "text/plain";
        await context.Response.WriteAsync("This is a local AWS. It answers only to 127.0.0.1 and localhost.", context.RequestAborted);
    }
}

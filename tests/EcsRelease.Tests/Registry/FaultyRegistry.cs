using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace EcsRelease.Tests.Registry;

/// <summary>A small registry over real HTTP whose answers a test may replace, one by one.</summary>
internal sealed class FaultyRegistry : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly Task serving;

    public FaultyRegistry()
    {
        for (var attempt = 0; ; attempt++)
        {
            Port = FreePort();
            listener.Prefixes.Clear();
            listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
            listener.Prefixes.Add($"http://localhost:{Port}/");
            try
            {
                listener.Start();
                break;
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                TestContext.Out.WriteLine($"port {Port} is taken, trying another");
            }
        }
        serving = ServeAsync();
    }

    public int Port { get; }

    public string Host => $"127.0.0.1:{Port}";

    public ConcurrentDictionary<string, byte[]> Blobs { get; } = new();

    public ConcurrentDictionary<string, (string MediaType, byte[] Bytes)> Manifests { get; } = new();

    /// <summary>Each request as `METHOD PATH`, with ` +auth` when it carried a credential.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Answers in place of the registry when it returns true.</summary>
    public Func<HttpListenerContext, bool> Intercept { get; set; } = _ => false;

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public static string DigestOf(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static bool Answer(HttpListenerContext context, int status, string body = "", params (string Name, string Value)[] headers)
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
            context.Response.AddHeader(name, value);
        var bytes = Encoding.UTF8.GetBytes(body);
        if (context.Request.HttpMethod != "HEAD")
            context.Response.OutputStream.Write(bytes);
        context.Response.Close();
        return true;
    }

    public static string Error(string code, string message) => $$"""{"errors":[{"code":"{{code}}","message":"{{message}}"}]}""";

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await serving;
    }

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            _ = Task.Run(() => Handle(context));
        }
    }

    private void Handle(HttpListenerContext context)
    {
        var request = context.Request;
        Requests.Enqueue($"{request.HttpMethod} {request.Url!.AbsolutePath}{(request.Headers["Authorization"] is null ? "" : " +auth")}");
        try
        {
            if (!Intercept(context))
                Serve(context, request.HttpMethod, request.Url.AbsolutePath.Split('/')[^1]);
        }
        catch (Exception cut) when (cut is HttpListenerException or IOException or ObjectDisposedException)
        {
            context.Response.Abort();
        }
    }

    private void Serve(HttpListenerContext context, string method, string name)
    {
        var path = context.Request.Url!.AbsolutePath;
        var isManifest = path.Contains("/manifests/");
        switch (method)
        {
            case "POST":
                Answer(context, 202, "", ("Location", $"{path}{Guid.NewGuid()}?_state=abc"));
                break;
            case "PUT" when isManifest:
                Manifests[name] = (context.Request.ContentType!, Body(context));
                Manifests[DigestOf(Manifests[name].Bytes)] = Manifests[name];
                Answer(context, 201);
                break;
            case "PUT":
                var blob = Body(context);
                var digest = context.Request.QueryString["digest"]!;
                if (DigestOf(blob) != digest || context.Request.QueryString["_state"] != "abc")
                    Answer(context, 400, Error("DIGEST_INVALID", "not that digest"));
                else
                {
                    Blobs[digest] = blob;
                    Answer(context, 201);
                }
                break;
            case "GET" when isManifest && Manifests.TryGetValue(name, out var manifest):
                context.Response.ContentType = manifest.MediaType;
                Answer(context, 200, Encoding.UTF8.GetString(manifest.Bytes));
                break;
            case "GET" or "HEAD" when Blobs.TryGetValue(name, out var bytes):
                Send(context, method, bytes);
                break;
            default:
                Answer(context, 404, Error("BLOB_UNKNOWN", "unknown"));
                break;
        }
    }

    private static void Send(HttpListenerContext context, string method, byte[] bytes)
    {
        context.Response.ContentLength64 = bytes.Length;
        if (method == "GET")
            context.Response.OutputStream.Write(bytes);
        context.Response.Close();
    }

    private static byte[] Body(HttpListenerContext context)
    {
        using var body = new MemoryStream();
        context.Request.InputStream.CopyTo(body);
        return body.ToArray();
    }
}

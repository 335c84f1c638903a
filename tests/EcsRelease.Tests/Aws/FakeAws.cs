using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EcsRelease.Tests.Aws;

/// <summary>A loopback server that answers what it is told, in order; the last answer repeats.</summary>
public sealed class FakeAws : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<Func<HttpContext, Task>> _answers = [];

    private FakeAws(WebApplication app) => _app = app;

    public ConcurrentQueue<SeenRequest> Requests { get; } = new();

    public Uri Endpoint => new(_app.Urls.Single());

    public static async Task<FakeAws> StartAsync(params Func<HttpContext, Task>[] answers)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var fake = new FakeAws(builder.Build());
        fake._answers.AddRange(answers);
        fake._app.Run(fake.AnswerAsync);
        await fake._app.StartAsync();
        return fake;
    }

    public static Func<HttpContext, Task> Json(string body, int status = 200, string requestId = "req-1") => async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/x-amz-json-1.1";
        context.Response.Headers["x-amzn-RequestId"] = requestId;
        await context.Response.WriteAsync(body);
    };

    public static Func<HttpContext, Task> Xml(string body, int status = 200) => async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/xml";
        await context.Response.WriteAsync(body);
    };

    public static Func<HttpContext, Task> Error(string type, string message, int status = 400) =>
        Json(new JsonObject { ["__type"] = type, ["message"] = message }.ToJsonString(), status);

    /// <summary>The request was read; the connection ends without an answer.</summary>
    public static Task Cut(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>A good status and half of a body.</summary>
    public static Func<HttpContext, Task> CutAfter(string half) => async context =>
    {
        context.Response.ContentLength = half.Length + 100;
        await context.Response.WriteAsync(half);
        await context.Response.Body.FlushAsync();
        context.Abort();
    };

    public static Task Never(HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        Requests.Enqueue(new SeenRequest(context.Request.Method, context.Request.Path, headers, body));
        await _answers[Math.Min(Requests.Count, _answers.Count) - 1](context);
    }
}

public sealed record SeenRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);

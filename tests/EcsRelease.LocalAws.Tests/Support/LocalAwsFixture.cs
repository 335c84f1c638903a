using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.State;
using EcsRelease.LocalAws.Sts;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace EcsRelease.LocalAws.Tests.Support;

/// <summary>A local AWS in this process, on a free port, with a state folder of its own; asked over real HTTP.</summary>
internal sealed class LocalAwsFixture : IAsyncDisposable
{
    private static readonly Dictionary<string, string> Targets = new()
    {
        ["ecr"] = "AmazonEC2ContainerRegistry_V20150921",
        ["ecs"] = "AmazonEC2ContainerServiceV20141113",
        ["logs"] = "Logs_20140328",
        ["events"] = "AWSEvents",
    };

    private readonly TemporaryFolder folder = new();
    private readonly TimeProvider time;
    private readonly Func<LocalAwsSettings, LocalAwsSettings> change;
    private WebApplication app;

    private LocalAwsFixture(TimeProvider time, Func<LocalAwsSettings, LocalAwsSettings> change)
    {
        this.time = time;
        this.change = change;
        app = Build();
    }

    public Uri Endpoint => new(app.Services.GetRequiredService<ServerAddress>().Endpoint);

    public string Host => Endpoint.Authority;

    public IServiceProvider Services => app.Services;

    public AwsKey Key => app.Services.GetRequiredService<Credentials>().Root;

    public string StatePath => folder.Path;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false });

    /// <param name="settings">What is to be other than usual.</param>
    public static async Task<LocalAwsFixture> StartAsync(TimeProvider? time = null, string runtime = "none", Func<LocalAwsSettings, LocalAwsSettings>? settings = null)
    {
        var fixture = new LocalAwsFixture(time ?? TimeProvider.System, usual => (settings ?? (same => same))(usual with { Runtime = runtime }));
        await fixture.app.StartAsync();
        return fixture;
    }

    public async Task RestartAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        app = Build();
        await app.StartAsync();
    }

    public RequestSigner Signer(string service) => new(Key.AccessKeyId, Key.SecretAccessKey, service) { At = time.GetUtcNow() };

    public async Task<(HttpStatusCode Status, JsonObject Body)> SendAsync(string service, string operation, JsonObject input, RequestSigner? signer = null)
    {
        var (request, body) = service == "scheduler" ? ScheduleRequest.Of(Endpoint, operation, input) : JsonRequest(service, operation, input);
        using var sent = request;
        (signer ?? Signer(service)).Sign(request, body);
        using var answer = await Http.SendAsync(request);
        var read = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsObject();
        if (service == "scheduler" && answer.StatusCode != HttpStatusCode.OK)
            read = new JsonObject { ["__type"] = answer.Headers.GetValues("x-amzn-ErrorType").Single(), ["message"] = read["Message"]?.DeepClone() };
        (answer.StatusCode == HttpStatusCode.OK ? AwsModels.CheckAnswer(service, operation, read) : AwsModels.CheckError(service, operation, read["__type"]!.GetValue<string>()))
            .Should().BeEmpty("AWS's model of {0} says so of {1}", operation, read.ToJsonString());
        return (answer.StatusCode, read);
    }

    public async Task<JsonObject> CallAsync(string service, string operation, JsonObject input)
    {
        var (status, body) = await SendAsync(service, operation, input);
        status.Should().Be(HttpStatusCode.OK, body.ToJsonString());
        return body;
    }

    /// <summary>The error's name and text.</summary>
    public async Task<(string Type, string Message)> FailAsync(string service, string operation, JsonObject input, RequestSigner? signer = null)
    {
        var (status, body) = await SendAsync(service, operation, input, signer);
        ((int)status).Should().BeInRange(400, service == "scheduler" ? 499 : 400, body.ToJsonString());
        return (body["__type"]!.GetValue<string>(), body["message"]!.GetValue<string>());
    }

    private (HttpRequestMessage Request, byte[] Body) JsonRequest(string service, string operation, JsonObject input)
    {
        var body = Encoding.UTF8.GetBytes(input.ToJsonString());
        return (JsonRequest($"{Targets[service]}.{operation}", body), body);
    }

    public HttpRequestMessage JsonRequest(string target, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-amz-json-1.1");
        request.Headers.Add("X-Amz-Target", target);
        return request;
    }

    public async Task<HttpResponseMessage> StsAsync(string form, RequestSigner? signer = null)
    {
        var body = Encoding.UTF8.GetBytes(form);
        using var request = new HttpRequestMessage(HttpMethod.Post, Endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
        (signer ?? Signer("sts")).Sign(request, body);
        return await Http.SendAsync(request);
    }

    public async Task<HttpResponseMessage> AdminAsync(HttpMethod method, string path, string? body = null, string? secret = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(Endpoint, path));
        if (body is not null)
            request.Content = new StringContent(body);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret ?? Key.SecretAccessKey);
        return await Http.SendAsync(request);
    }

    public Task<JsonObject> CreateRepositoryAsync(string name, string mutability = "MUTABLE", params string[] exclusions)
    {
        var input = new JsonObject { ["repositoryName"] = name, ["imageTagMutability"] = mutability };
        if (exclusions.Length > 0)
            input["imageTagMutabilityExclusionFilters"] = new JsonArray([.. exclusions.Select(filter => new JsonObject { ["filterType"] = "WILDCARD", ["filter"] = filter })]);
        return CallAsync("ecr", "CreateRepository", input);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        folder.Dispose();
    }

    private WebApplication Build() => LocalAwsServer.Build(
        change(new LocalAwsSettings { Folder = folder.Path, HealthyAfter = TimeSpan.FromMilliseconds(500) }), time);
}

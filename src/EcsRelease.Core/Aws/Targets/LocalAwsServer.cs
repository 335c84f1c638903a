using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsRelease.Aws.Targets;

/// <summary>The running local AWS as its state file `server.json` names it.</summary>
/// <param name="Endpoint">e.g. `http://127.0.0.1:41877`.</param>
internal sealed record LocalAwsServer(int Schema, Uri Endpoint, string Region, string Account, string AccessKeyId, string SecretAccessKey, int Pid, string Version)
{
    /// <summary>Null when the file is absent or half written.</summary>
    public static async Task<LocalAwsServer?> ReadAsync(string home, CancellationToken cancellationToken)
    {
        var file = Path.Combine(home, "server.json");
        if (!File.Exists(file))
            return null;
        try
        {
            var server = JsonSerializer.Deserialize<LocalAwsServer>(await File.ReadAllTextAsync(file, cancellationToken), JsonSerializerOptions.Web);
            // Whoever wrote the file: credentials of this target never leave the machine.
            return server is { Schema: 1, Endpoint.IsLoopback: true, AccessKeyId: not null, SecretAccessKey: not null } ? server : null;
        }
        catch (Exception exception) when (exception is JsonException or IOException)
        {
            return null;
        }
    }

    /// <summary>True when it is this very process that answers, not another that got its port.</summary>
    public async Task<bool> IsAliveAsync(HttpClient http, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var health = await http.GetFromJsonAsync<JsonObject>(new Uri(Endpoint, "/_local/health"), both.Token);
            return (int?)health?["pid"] == Pid;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or InvalidOperationException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <summary>A request of the admin interface, which the server's own secret key opens.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(Endpoint, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", SecretAccessKey);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        try
        {
            return await http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw Errors.EndpointUnreachable(Endpoint.GetLeftPart(UriPartial.Authority), exception.Message, exception);
        }
    }

    // The generated one would print the secret key.
    public override string ToString() => $"{Endpoint} (process {Pid}, version {Version})";
}

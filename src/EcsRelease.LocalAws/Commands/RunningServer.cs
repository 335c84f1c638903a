using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Commands;

/// <summary>A server that answers, as found through server.json.</summary>
internal sealed record RunningServer(ServerFile File, JsonObject Health)
{
    /// <summary>null when none answers. A stranger who has taken the port does not count: the process ids must agree.</summary>
    public static async Task<RunningServer?> FindAsync(StateFolder folder, CancellationToken cancellationToken)
    {
        if (ServerFile.Read(folder) is not { } file)
            return null;
        try
        {
            using var client = NewClient(file);
            var health = JsonNode.Parse(await client.GetStringAsync(new Uri("/_local/health", UriKind.Relative), cancellationToken)) as JsonObject;
            return health?["pid"]?.GetValue<int>() == file.ProcessId ? new RunningServer(file, health) : null;
        }
        catch (Exception e) when (e is HttpRequestException or InvalidOperationException or System.Text.Json.JsonException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <summary>Starts its idle time anew, so that it does not end between `up` and the first request.</summary>
    public Task TouchAsync(CancellationToken cancellationToken) => PostAsync("/_local/touch", cancellationToken);

    public Task RequestShutdownAsync(CancellationToken cancellationToken) => PostAsync("/_local/shutdown", cancellationToken);

    private async Task PostAsync(string path, CancellationToken cancellationToken)
    {
        using var client = NewClient(File);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.SecretAccessKey);
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), null, cancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private static HttpClient NewClient(ServerFile file)
    {
#pragma warning disable CA2000 // The client disposes of the handler.
        // A proxy of the environment must not see loopback traffic.
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
#pragma warning restore CA2000
        // One that has ended refuses at once; one that is slow to answer, on a busy machine, is not to be called ended.
        return new HttpClient(handler) { BaseAddress = new Uri(file.Endpoint), Timeout = TimeSpan.FromSeconds(20) };
    }
}

using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace EcsRelease.Tests.Verbs;

/// <summary>The admin API of the local AWS: what goes wrong on purpose, and what came.</summary>
internal sealed partial class EngineBed
{
    /// <summary>The state folder of the local AWS; whoever has it reaches the server.</summary>
    public string Home => _home.FullName;

    /// <summary>The next calls of an operation fail, as the admin API of the local AWS offers it.</summary>
    /// <param name="after">Calls that go well before.</param>
    public Task FaultAsync(string operation, string fault, int times = 1, string service = "ecs", int after = 0) =>
        AdminAsync(HttpMethod.Post, "faults", new { service, operation, fault, times, after });

    public Task ClearFaultsAsync() => AdminAsync(HttpMethod.Delete, "faults");

    /// <summary>Operations of calls that stand still by a fault.</summary>
    public async Task<IReadOnlyList<string>> HeldAsync() => [.. (await ListAsync("held")).Select(call => call.Operation)];

    /// <summary>Held calls go on.</summary>
    public Task LetGoAsync() => AdminAsync(HttpMethod.Delete, "held");

    /// <summary>The calls that came, in their order.</summary>
    public Task<IReadOnlyList<(string Service, string Operation)>> SeenCallsAsync() => ListAsync("calls");

    public Task ForgetCallsAsync() => AdminAsync(HttpMethod.Delete, "calls");

    private async Task<IReadOnlyList<(string Service, string Operation)>> ListAsync(string what) =>
        [.. (await AdminAsync(HttpMethod.Get, what))[what]!.AsArray().Select(call => ((string)call!["service"]!, (string)call["operation"]!))];

    private async Task<JsonNode> AdminAsync(HttpMethod method, string what, object? body = null)
    {
        var server = Server();
        using var request = new HttpRequestMessage(method, $"{server["endpoint"]}/_local/{what}") { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (string?)server["secretAccessKey"]);
        using var answer = await _admin.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    private JsonNode Server() => JsonNode.Parse(File.ReadAllText(Path.Combine(_home.FullName, "local", "server.json")))!;
}

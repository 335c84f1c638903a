using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Tests.Deployments;

/// <summary>Answers each operation from its own list, one after the other; the last answer repeats.
/// `{"error": {"code", "message", "status", "lost"}}` is a failed call.</summary>
internal sealed class ScriptedService(JsonObject answers) : IJsonService
{
    private readonly Dictionary<string, int> _next = [];

    public List<(string Operation, JsonObject Request)> Calls { get; } = [];

    public Task<JsonObject> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Calls.Add((operation, request));
        if (answers[operation] is not JsonArray { Count: > 0 } list)
            throw new AwsServiceException($"ecs:{operation}", "UnscriptedOperation", $"no answer is scripted for {request.ToJsonString()}");
        var index = _next.GetValueOrDefault(operation);
        _next[operation] = index + 1;
        var answer = (JsonObject)list[Math.Min(index, list.Count - 1)]!.DeepClone();
        if (answer["error"] is JsonObject error)
            throw new AwsServiceException($"ecs:{operation}", (string)error["code"]!, (string?)error["message"] ?? "")
            {
                StatusCode = (int?)error["status"] ?? 400,
                IsAnswerLost = (bool?)error["lost"] ?? false,
            };
        return Task.FromResult(answer);
    }
}

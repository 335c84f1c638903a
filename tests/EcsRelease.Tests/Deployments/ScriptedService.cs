using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Tests.Aws.Botocore;

namespace EcsRelease.Tests.Deployments;

/// <summary>Answers each operation from its own list, one after the other; the last answer repeats. A request that AWS
/// could not take fails the test.
/// `{"error": {"code", "message", "status", "lost"}}` is a failed call,
/// `{"error": {"coded": "ECSR4001"}}` one that failed before it was sent.</summary>
internal sealed class ScriptedService(JsonObject answers) : IJsonService
{
    private readonly Dictionary<string, int> _next = [];

    public List<(string Operation, JsonObject Request)> Calls { get; } = [];

    public Task<JsonObject> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Calls.Add((operation, request));
        BotocoreModels.Check(operation, request);
        if (answers[operation] is not JsonArray { Count: > 0 } list)
            throw new AwsServiceException($"ecs:{operation}", "UnscriptedOperation", $"no answer is scripted for {request.ToJsonString()}");
        var index = _next.GetValueOrDefault(operation);
        _next[operation] = index + 1;
        var answer = (JsonObject)list[Math.Min(index, list.Count - 1)]!.DeepClone();
        if ((string?)answer["error"]?["coded"] is { } code)
            throw new EcsReleaseException(code, ReleaseOutcome.Refused, "the session has expired, sign in again");
        if (answer["error"] is JsonObject error)
            throw new AwsServiceException($"ecs:{operation}", (string)error["code"]!, (string?)error["message"] ?? "")
            {
                StatusCode = (int?)error["status"] ?? 400,
                IsAnswerLost = (bool?)error["lost"] ?? false,
            };
        return Task.FromResult(answer);
    }
}

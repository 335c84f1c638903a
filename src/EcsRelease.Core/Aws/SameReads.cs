using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace EcsRelease.Aws;

/// <summary>Reads that several callers do alike are done once: plans of services that share a repository and an image.
/// Until it is closed; then every call goes through.</summary>
internal sealed class SameReads(IJsonService service) : IJsonService
{
    private readonly ConcurrentDictionary<string, Lazy<Task<JsonObject>>> _answers = new(StringComparer.Ordinal);
    private volatile bool _isClosed;

    /// <summary>What is read from now on may have been changed by this very run.</summary>
    public void Close() => _isClosed = true;

    public async Task<JsonObject> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken)
    {
        if (_isClosed)
            return await service.CallAsync(operation, request, cancellationToken);
        var copy = (JsonObject)request.DeepClone();
        // Nobody's cancellation ends what belongs to several.
        var answer = _answers.GetOrAdd($"{operation} {request.ToJsonString()}", _ => new(() => service.CallAsync(operation, copy, CancellationToken.None)));
        return (JsonObject)(await answer.Value.WaitAsync(cancellationToken)).DeepClone();
    }
}

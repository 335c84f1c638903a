using System.Text.Json.Nodes;

namespace EcsRelease.Aws;

/// <summary>ECS for many watches at once: reads of single services, deployments and revisions that fall into one moment
/// become one call with as many names as it takes (10 and 20), and all calls keep to their pace. A batch that is refused
/// is asked caller by caller, so that nobody's name spoils it for the others.</summary>
/// <param name="ended">Ends the reads under way: they belong to several callers.</param>
internal sealed class SharedReads(PacedCalls ecs, TimeProvider time, CancellationToken ended) : IJsonService
{
    // Watches that look at about the same time meet in one call; short beside the pause between two looks.
    private static readonly TimeSpan _gathering = TimeSpan.FromMilliseconds(200);

    private static readonly Dictionary<string, Batching> _batchings = new()
    {
        ["DescribeServices"] = new("services", "services", 10, "serviceArn", "serviceName"),
        ["DescribeServiceDeployments"] = new("serviceDeploymentArns", "serviceDeployments", Paging.DeploymentsACall, "serviceDeploymentArn"),
        ["DescribeServiceRevisions"] = new("serviceRevisionArns", "serviceRevisions", Paging.DeploymentsACall, "serviceRevisionArn"),
    };

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ReadBatch> _open = new(StringComparer.Ordinal);

    public async Task<JsonObject> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken)
    {
        if (!_batchings.TryGetValue(operation, out var batching) || request.Texts(batching.Names).ToArray() is not { Length: > 0 } names || names.Length > batching.Max)
            return await ecs.CallAsync(operation, request, cancellationToken);
        var (call, begun) = Join(operation, batching, request, names);
        // Its failures are its callers' failures; nothing escapes from it.
        if (begun is { } batch)
            _ = RunAsync(batch.Key, batch.Value);
        await using var cancelled = cancellationToken.Register(() => call.Answer.TrySetCanceled(cancellationToken));
        return await call.Answer.Task;
    }

    /// <returns>The call, and the batch when it is a new one that has to be run.</returns>
    private (ReadBatch.Call Call, KeyValuePair<string, ReadBatch>? Begun) Join(string operation, Batching batching, JsonObject request, IReadOnlyList<string> names)
    {
        var rest = (JsonObject)request.DeepClone();
        rest.Remove(batching.Names);
        var key = $"{operation} {rest.ToJsonString()}";
        lock (_gate)
        {
            if (_open.TryGetValue(key, out var gathering) && gathering.Add(names) is { } joined)
                return (joined, null);
            var batch = _open[key] = new ReadBatch(operation, batching, rest);
            return (batch.Add(names)!, new(key, batch));
        }
    }

    private async Task RunAsync(string key, ReadBatch batch)
    {
        try
        {
            await Task.Delay(_gathering, time, ended);
            // Others may still join while the batch waits for its turn.
            await ecs.WaitAsync(batch.Operation, ended);
            Close(key, batch);
            await SendAsync(batch);
        }
        // Handed on to all who wait for it.
#pragma warning disable CA1031
        catch (Exception failed)
#pragma warning restore CA1031
        {
            Close(key, batch);
            foreach (var call in batch.Calls)
                call.Answer.TrySetException(failed);
        }
    }

    private void Close(string key, ReadBatch batch)
    {
        lock (_gate)
            if (_open.GetValueOrDefault(key) == batch)
                _open.Remove(key);
    }

    private async Task SendAsync(ReadBatch batch)
    {
        try
        {
            var answer = await ecs.CallAsync(batch.Operation, batch.Request(), hasTurn: true, ended);
            foreach (var call in batch.Calls)
                batch.End(call, answer);
        }
        catch (AwsServiceException refused) when (batch.Calls.Count > 1 && !refused.IsPassing)
        {
            foreach (var call in batch.Calls)
                await SendAloneAsync(batch, call);
        }
    }

    private async Task SendAloneAsync(ReadBatch batch, ReadBatch.Call call)
    {
        try
        {
            batch.End(call, await ecs.CallAsync(batch.Operation, batch.Request(call), ended));
        }
        catch (AwsServiceException refused)
        {
            call.Answer.TrySetException(refused);
        }
    }
}

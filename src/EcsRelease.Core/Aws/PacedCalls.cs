using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace EcsRelease.Aws;

/// <summary>A service whose calls keep to its budgets (<see cref="CallBudget"/>): for work of many calls. One that is
/// throttled, because others in the account call as well, is asked again at a slower pace.</summary>
internal sealed class PacedCalls(IJsonService service, TimeProvider time) : IJsonService
{
    // A quarter of an hour and more at the slowest pace of the smallest budget.
    private const int MaxThrottled = 60;

    // What lies between two calls here is not quite what lies between them there.
    private const double Slack = 0.97;

    private readonly ConcurrentDictionary<CallBudget, CallPace> _paces = new();

    public async Task<JsonObject> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken)
    {
        var pace = _paces.GetOrAdd(CallBudget.Of(operation), budget => new(time, budget.PerSecond * Slack, Math.Max(1, budget.Burst * 9 / 10)));
        for (var throttled = 0; ; throttled++)
        {
            await pace.WaitAsync(isLook: false, cancellationToken);
            try
            {
                // A change that was sent is waited for: afterwards it is known what was done.
                var answer = await service.CallAsync(operation, (JsonObject)request.DeepClone(), IsChange(operation) ? CancellationToken.None : cancellationToken);
                pace.Recover();
                return answer;
            }
            catch (AwsServiceException tooMany) when (tooMany.IsThrottled && throttled < MaxThrottled)
            {
                pace.SlowDown();
            }
        }
    }

    /// <summary>All of them, as fast as the pace gives turns; the first failure ends the rest.</summary>
    public static async Task<IReadOnlyList<TResult>> AllAsync<T, TResult>(IEnumerable<T> items, Func<T, CancellationToken, Task<TResult>> read, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        async Task<TResult> ReadAsync(T item)
        {
            try
            {
                return await read(item, stop.Token);
            }
            catch
            {
                Stop();
                throw;
            }
        }

        // The others end before this one is told.
        void Stop() => stop.Cancel();

        return await Task.WhenAll(items.Select(ReadAsync));
    }

    private static bool IsChange(string operation) => operation is "DeregisterTaskDefinition" or "DeleteTaskDefinitions" or "BatchDeleteImage";
}

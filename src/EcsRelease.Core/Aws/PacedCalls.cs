using System.Text.Json.Nodes;

namespace EcsRelease.Aws;

/// <summary>A service at a pace that many callers share. A throttled call was not done, whatever it is, and is asked again.</summary>
/// <param name="paceOf">The pace of an operation.</param>
internal sealed class PacedCalls(IJsonService service, Func<string, CallPace> paceOf) : IJsonService
{
    // Two minutes and more at the slowest pace.
    private const int MaxThrottled = 60;

    // With the burst at most 10 in any second. The smallest budget of what is read is 20 a second (ecs-api.md 1).
    private const double LooksASecond = 8;
    private const int LooksAtOnce = 2;

    /// <summary>One pace for all calls that leaves room for others in the account: for those who only look.</summary>
    public static PacedCalls ForLooks(IJsonService ecs, TimeProvider time)
    {
        var pace = new CallPace(time, LooksASecond, LooksAtOnce);
        return new(ecs, _ => pace);
    }

    public Task<JsonObject> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken) =>
        CallAsync(operation, request, hasTurn: false, cancellationToken);

    /// <summary>Waits for the turn of one call.</summary>
    public Task WaitAsync(string operation, CancellationToken cancellationToken) => paceOf(operation).WaitAsync(IsLook(operation), cancellationToken);

    /// <param name="hasTurn">It was waited for already.</param>
    public async Task<JsonObject> CallAsync(string operation, JsonObject request, bool hasTurn, CancellationToken cancellationToken)
    {
        for (var throttled = 0; ; throttled++)
        {
            if (!hasTurn || throttled > 0)
                await WaitAsync(operation, cancellationToken);
            try
            {
                // A change that was sent is waited for: afterwards it is known what was done.
                var answer = await service.CallAsync(operation, (JsonObject)request.DeepClone(), IsChange(operation) ? CancellationToken.None : cancellationToken);
                paceOf(operation).Recover();
                return answer;
            }
            catch (AwsServiceException tooMany) when (tooMany.IsThrottled && throttled < MaxThrottled)
            {
                paceOf(operation).SlowDown();
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

    private static bool IsLook(string operation) => operation is "DescribeServices" or "DescribeServiceDeployments";
}

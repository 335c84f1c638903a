using System.Text.Json.Nodes;

namespace EcsRelease.Aws;

/// <summary>ECS at a pace that many callers share. A throttled call was not done, whatever it is, and is asked again.</summary>
/// <param name="paceOf">The pace of an operation.</param>
internal sealed class PacedCalls(IJsonService ecs, Func<string, CallPace> paceOf) : IJsonService
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
                var answer = await ecs.CallAsync(operation, (JsonObject)request.DeepClone(), cancellationToken);
                paceOf(operation).Recover();
                return answer;
            }
            catch (AwsServiceException tooMany) when (tooMany.IsThrottled && throttled < MaxThrottled)
            {
                paceOf(operation).SlowDown();
            }
        }
    }

    private static bool IsLook(string operation) => operation is "DescribeServices" or "DescribeServiceDeployments";
}

using System.Collections.Concurrent;

namespace EcsRelease.Aws;

/// <summary>The request quotas of one account and region, a pace for each family of operations
/// (<see cref="CallBudget"/>): who keeps to them is not throttled, unless others of the account ask, too.</summary>
internal sealed class RequestBudgets(TimeProvider time)
{
    private readonly ConcurrentDictionary<CallBudget, CallPace> _paces = new();

    /// <param name="operation">E.g. `UpdateService`.</param>
    // One call short of the burst: AWS counts a call when it arrives, not when it is sent.
    public CallPace Of(string operation) => _paces.GetOrAdd(CallBudget.Of(operation), budget => new(time, budget.PerSecond, Math.Max(1, budget.Burst - 1)));
}

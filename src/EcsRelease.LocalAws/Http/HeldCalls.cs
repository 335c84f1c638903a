namespace EcsRelease.LocalAws.Http;

/// <param name="Service">As a fault names it.</param>
/// <param name="Kind">`holdBefore` or `holdAfter`.</param>
public sealed record HeldCall(string Service, string Operation, string Kind);

/// <summary>Calls that stand still by the faults `holdBefore` and `holdAfter`, until they are let go or their caller is gone.</summary>
public sealed class HeldCalls
{
    private readonly Lock gate = new();
    private readonly List<(HeldCall Call, TaskCompletionSource Go)> held = [];

    public IReadOnlyList<HeldCall> All
    {
        get
        {
            lock (gate)
                return [.. held.Select(each => each.Call)];
        }
    }

    /// <exception cref="OperationCanceledException">The caller is gone.</exception>
    public async Task HoldAsync(Fault fault, string operation, CancellationToken callerGone)
    {
        var entry = (Call: new HeldCall(fault.Service, operation, fault.Kind), Go: new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (gate)
            held.Add(entry);
        try
        {
            await entry.Go.Task.WaitAsync(callerGone);
        }
        finally
        {
            lock (gate)
                held.RemoveAll(each => each.Go == entry.Go);
        }
    }

    public void LetGo()
    {
        lock (gate)
            held.ForEach(each => each.Go.TrySetResult());
    }
}

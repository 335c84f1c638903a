namespace EcsRelease.LocalAws.Http;

/// <summary>Which calls came, in their order, by valid keys and tokens; the newest 10,000, in memory only.</summary>
public sealed class CallLog
{
    private const int Kept = 10_000;

    private readonly Lock gate = new();
    private readonly Queue<(string Service, string Operation)> calls = new();

    public IReadOnlyList<(string Service, string Operation)> All
    {
        get
        {
            lock (gate)
                return [.. calls];
        }
    }

    /// <param name="service">As a fault names it.</param>
    public void Add(string service, string operation)
    {
        lock (gate)
        {
            calls.Enqueue((service, operation));
            if (calls.Count > Kept)
                calls.Dequeue();
        }
    }

    public void Clear()
    {
        lock (gate)
            calls.Clear();
    }
}

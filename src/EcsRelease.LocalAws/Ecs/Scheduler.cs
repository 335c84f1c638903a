using System.Collections.Concurrent;
using System.Threading.Channels;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>The service scheduler: one per server, woken by changes and by its own deadlines.</summary>
internal sealed class Scheduler(
    EcsStore store, Rollouts rollouts, TaskCreation factory, Lazy<ITaskSupervisor> tasks, IEnumerable<IServiceObserver> observers,
    FaultSwitches faults, LocalAwsSettings settings, TimeProvider time, ILogger<Scheduler> logger) : IServiceScheduler
{
    private static readonly TimeSpan s_retryAfterFault = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _due = new();
    private readonly Channel<bool> _woken = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Wake(string serviceKey)
    {
        _due[serviceKey] = DateTimeOffset.MinValue;
        _woken.Writer.TryWrite(true);
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (var service in store.List(EcsStore.Services).Where(service => service.Shape.Text("status") != "INACTIVE"))
            Wake(service.Key);
        while (!cancellationToken.IsCancellationRequested)
        {
            var now = time.GetUtcNow();
            foreach (var (key, due) in _due.Where(entry => entry.Value <= now).ToList())
            {
                if (_due.TryRemove(KeyValuePair.Create(key, due)))
                    Look(key);
            }
            await WaitAsync(cancellationToken);
        }
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var woken = _woken.Reader.ReadAsync(stop.Token).AsTask();
        var waits = new List<Task> { woken };
        if (!_due.IsEmpty)
        {
            var delay = _due.Values.Min() - time.GetUtcNow();
            waits.Add(Task.Delay(delay > TimeSpan.Zero ? delay : TimeSpan.Zero, time, stop.Token));
        }
        await Task.WhenAny(waits);
        await stop.CancelAsync();
        await Task.WhenAll(waits).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Look(string key)
    {
        try
        {
            var result = store.InTransaction(() => Pass(key));
            foreach (var task in result.Start)
                tasks.Value.Start(task);
            foreach (var task in result.Stop)
                tasks.Value.Stop(task);
            if (result.Next is { } next)
                _due.AddOrUpdate(key, next, (_, due) => due < next ? due : next);
            foreach (var observer in observers)
                observer.Changed(key);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            logger.LogError(fault, "The scheduler's look at service {Service} failed; it looks again.", key);
            _due[key] = time.GetUtcNow() + s_retryAfterFault;
        }
    }

    private PassResult Pass(string key) =>
        store.Find(EcsStore.Services, key) is { } document && document.Shape.Text("status") != "INACTIVE"
            ? new ServicePass(store, rollouts, factory, faults, settings, new ServiceView(document), time.GetUtcNow()).Run()
            : PassResult.Nothing;
}

/// <summary>Told after each look of the scheduler at a service.</summary>
internal interface IServiceObserver
{
    void Changed(string serviceKey);
}

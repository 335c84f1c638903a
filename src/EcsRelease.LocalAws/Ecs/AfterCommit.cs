using System.Threading.Channels;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>Tasks that an operation starts or stops; their processes are touched only after its transaction.</summary>
internal sealed class AfterCommit
{
    private readonly Channel<(string Task, bool Start)> _orders = Channel.CreateUnbounded<(string, bool)>();

    public void Start(string taskKey) => _orders.Writer.TryWrite((taskKey, true));

    public void Stop(string taskKey) => _orders.Writer.TryWrite((taskKey, false));

    public async Task RunAsync(EcsStore store, ITaskSupervisor tasks, CancellationToken cancellationToken)
    {
        await foreach (var (task, start) in _orders.Reader.ReadAllAsync(cancellationToken))
        {
            // Transactions exclude each other, so once this one is through, the ordering one has ended.
            if (!store.InTransaction(() => store.Find(EcsStore.Tasks, task) is not null))
                continue;
            if (start)
                tasks.Start(task);
            else
                tasks.Stop(task);
        }
    }
}

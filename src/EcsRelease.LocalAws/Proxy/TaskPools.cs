using System.Net.Sockets;
using EcsRelease.LocalAws.Ecs;
using EcsRelease.LocalAws.Http;
using EcsRelease.LocalAws.Tasks;

namespace EcsRelease.LocalAws.Proxy;

/// <summary>The tasks that requests of a service may go to.</summary>
internal sealed class TaskPools(EcsStore store, LocalAwsSettings settings, TimeProvider time) : ITaskTraffic, IServiceObserver
{
    private static readonly TimeSpan s_knock = TimeSpan.FromMilliseconds(50);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, PooledTask> _tasks = [];
    private int _turn;

    public void Add(string serviceKey, string taskId, int port, Action opened)
    {
        var task = new PooledTask(serviceKey, taskId, port);
        lock (_lock)
            _tasks[taskId] = task;
        _ = OpenAsync(task, opened);
    }

    public async Task DrainAsync(string taskId, TimeSpan limit)
    {
        PooledTask? task;
        lock (_lock)
        {
            if (!_tasks.Remove(taskId, out task))
                return;
            task.Leave();
        }
        try
        {
            await task.Empty.WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            // Requests that outlast the limit end with the task, as with a load balancer's deregistration delay.
            return;
        }
    }

    /// <summary>Takes over from the scheduler which tasks count as healthy and which are of the PRIMARY.</summary>
    public void Changed(string serviceKey)
    {
        if (store.Find(EcsStore.Services, serviceKey) is not { } document)
            return;
        var primary = document.Shape.Objects("deployments") is [var first, ..] ? first.Text("id") : null;
        var now = time.GetUtcNow();
        var tasks = store.List(EcsStore.Tasks, serviceKey + "/").Select(task => new TaskView(task)).Where(task => !task.Stopped).ToList();
        lock (_lock)
        {
            foreach (var task in tasks)
            {
                if (_tasks.TryGetValue(task.Id, out var pooled))
                    (pooled.Healthy, pooled.Primary) = (task.Healthy(now, settings.HealthyAfter), task.Deployment == primary);
            }
        }
    }

    /// <summary>Takes a task for one request, which has to be released. Healthy ones of the PRIMARY first, then healthy ones, then any that answers.</summary>
    public PooledTask? Take(string serviceKey, IReadOnlyCollection<PooledTask> refused)
    {
        lock (_lock)
        {
            var open = _tasks.Values.Where(task => task.Service == serviceKey && task.Open && !refused.Contains(task)).ToList();
            if (open.Count == 0)
                return null;
            var best = open.Max(task => task.Rank);
            var candidates = open.Where(task => task.Rank == best).ToList();
            var task = candidates[(int)((uint)_turn++ % candidates.Count)];
            task.Enter();
            return task;
        }
    }

    public void Release(PooledTask task)
    {
        lock (_lock)
            task.Exit();
    }

    public IReadOnlyList<PooledTask> Of(string serviceKey)
    {
        lock (_lock)
            return [.. _tasks.Values.Where(task => task.Service == serviceKey)];
    }

    /// <summary>Knocks until the app listens or the task is gone.</summary>
    private async Task OpenAsync(PooledTask task, Action opened)
    {
        while (!task.Left)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", task.Port, CancellationToken.None);
                lock (_lock)
                    task.Open = true;
                opened();
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(s_knock, time);
            }
        }
    }
}

/// <summary>One task in a pool. Changed under the pool's lock.</summary>
internal sealed class PooledTask(string service, string taskId, int port)
{
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _requests;

    public string Service => service;

    public string TaskId => taskId;

    public int Port => port;

    public bool Open { get; set; }

    public bool Healthy { get; set; }

    public bool Primary { get; set; }

    public bool Left { get; private set; }

    public int Rank => (Healthy ? 2 : 0) + (Healthy && Primary ? 1 : 0);

    /// <summary>Completes when the task has left the pool and its last request has ended.</summary>
    public Task Empty => _empty.Task;

    public void Enter() => _requests++;

    public void Exit()
    {
        _requests--;
        CompleteWhenEmpty();
    }

    public void Leave()
    {
        Left = true;
        CompleteWhenEmpty();
    }

    private void CompleteWhenEmpty()
    {
        if (Left && _requests == 0)
            _empty.TrySetResult();
    }
}

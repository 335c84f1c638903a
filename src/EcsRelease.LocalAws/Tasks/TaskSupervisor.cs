using System.Collections.Concurrent;
using EcsRelease.LocalAws.Ecs;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>The running tasks of this server.</summary>
internal sealed class TaskSupervisor(EcsStore store, TaskServices services, IServiceScheduler scheduler, ILogger<TaskSupervisor> logger) : ITaskSupervisor
{
    private static readonly TimeSpan s_endLimit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, (TaskRun Run, Task Life)> _runs = new();

    public void Start(string taskKey)
    {
        var run = new TaskRun(new TaskRecord(taskKey, store, scheduler, services.Time), services);
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _runs[taskKey] = (run, LiveAsync(run, begin.Task));
        begin.SetResult();
    }

    public void Stop(string taskKey)
    {
        if (_runs.TryGetValue(taskKey, out var entry))
            entry.Run.Stop(TimeSpan.MaxValue);
    }

    /// <summary>Tasks of an earlier server have no process any more: they are noted as STOPPED, and the scheduler replaces them.</summary>
    public void CloseLeftovers()
    {
        foreach (var task in store.List(EcsStore.Tasks).Select(document => new TaskView(document)).Where(task => !task.Stopped))
        {
            var now = services.Time.GetUtcNow();
            if (task.Wanted)
                task.AskToStop("TerminationNotice", "The local AWS was stopped.", now); // constructed
            task.Judged = true;
            task.Shape["lastStatus"] = "STOPPED";
            task.Shape["executionStoppedAt"] ??= now.Stamp();
            task.Shape["stoppedAt"] = now.Stamp();
            foreach (var container in task.Shape.Objects("containers"))
                container["lastStatus"] = "STOPPED";
            store.Save(task.Document);
        }
    }

    /// <summary>Stops all tasks in parallel; none may take longer than the limit of the server's end.</summary>
    public async Task StopAllAsync()
    {
        var runs = _runs.Values.ToList();
        foreach (var (run, _) in runs)
        {
            store.InTransaction(() =>
            {
                var task = new TaskView(store.Find(EcsStore.Tasks, run.Key)!);
                if (task.Wanted && !task.Stopped)
                {
                    task.AskToStop("TerminationNotice", "The local AWS was stopped.", services.Time.GetUtcNow()); // constructed
                    task.Judged = true;
                    store.Save(task.Document);
                }
                return true;
            });
            run.Stop(s_endLimit);
        }
        await Task.WhenAll(runs.Select(entry => entry.Life));
    }

    private async Task LiveAsync(TaskRun run, Task begin)
    {
        await begin;
        try
        {
            await run.RunAsync();
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            logger.LogError(fault, "Task {Task} ended with a fault of the local AWS.", run.Key);
            new TaskRecord(run.Key, store, scheduler, services.Time).Change(shape =>
            {
                shape["desiredStatus"] = "STOPPED";
                shape["lastStatus"] = "STOPPED";
                shape["stopCode"] ??= "TaskFailedToStart";
                shape["stoppedReason"] ??= "ContainerRuntimeError: " + fault.Message;
                shape["stoppedAt"] = services.Time.GetUtcNow().Stamp();
            });
        }
        finally
        {
            _runs.TryRemove(run.Key, out _);
            run.Dispose();
        }
    }

}

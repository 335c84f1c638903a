using EcsRelease.LocalAws.Http;
using EcsRelease.LocalAws.Proxy;
using EcsRelease.LocalAws.State;
using EcsRelease.LocalAws.Tasks;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>Starts ECS on the state that is there, and ends it: tasks stop, services stay and run again at the next start.</summary>
internal sealed class EcsHost(IServiceProvider services, EcsStore store, LocalAwsSettings settings, TimeProvider time) : IHostedService, IDisposable
{
    private static readonly TimeSpan s_cleaning = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<StartedProcesses>().KillLeftovers();
        // The folder itself stays, since it is private to its owner.
        foreach (var left in Directory.EnumerateDirectories(new StateFolder(settings.Folder).Tasks))
            ContainerFolders.Delete(left);
        services.GetRequiredService<ImageRoots>().Clean();
        await services.GetRequiredService<RuntimeChoice>().PickAsync(cancellationToken);
        var root = $"arn:aws:iam::{settings.Account}:root";
        services.GetRequiredService<ClusterOperations>().CreateDefault(new AwsCaller(settings.Account, settings.Region, root));
        var tasks = services.GetRequiredService<TaskSupervisor>();
        tasks.CloseLeftovers();
        _running = Task.WhenAll(
            services.GetRequiredService<Scheduler>().RunAsync(_stop.Token),
            services.GetRequiredService<AfterCommit>().RunAsync(store, tasks, _stop.Token),
            CleanAsync(_stop.Token));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await services.GetRequiredService<TaskSupervisor>().StopAllAsync();
        await services.GetRequiredService<ServiceAddresses>().CloseAllAsync();
    }

    public void Dispose() => _stop.Dispose();

    private async Task CleanAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(s_cleaning, time, cancellationToken);
            store.InTransaction(() =>
            {
                var oldest = time.GetUtcNow() - settings.StoppedTasksKept;
                foreach (var task in store.List(EcsStore.Tasks).Where(task => task.Shape.Moment("stoppedAt") < oldest))
                    store.Delete(task);
                services.GetRequiredService<TaskDefinitionOperations>().RemoveDeleted();
                return true;
            });
        }
    }
}

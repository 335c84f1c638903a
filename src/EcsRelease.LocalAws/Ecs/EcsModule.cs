using EcsRelease.LocalAws.Http;
using EcsRelease.LocalAws.Proxy;
using EcsRelease.LocalAws.Tasks;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Yarp.ReverseProxy.Forwarder;

namespace EcsRelease.LocalAws.Ecs;

public static class EcsModule
{
    /// <summary>
    /// Registers ECS with its scheduler, tasks and addresses. Needs LocalAwsSettings, IDocumentStore, IImageStore, ILogStore and
    /// ISecretStore; TimeProvider is the system's unless one is registered.
    /// </summary>
    public static IServiceCollection AddLocalEcs(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpForwarder();
        services.AddSingleton<EcsStore>().AddSingleton<Rollouts>().AddSingleton<TaskCreation>().AddSingleton<AfterCommit>();
        services.AddSingleton<ClusterOperations>().AddSingleton<TaskDefinitionOperations>().AddSingleton<ServiceOperations>();
        services.AddSingleton<IEcsOperations>(provider => provider.GetRequiredService<ClusterOperations>());
        services.AddSingleton<IEcsOperations>(provider => provider.GetRequiredService<TaskDefinitionOperations>());
        services.AddSingleton<IEcsOperations>(provider => provider.GetRequiredService<ServiceOperations>());
        services.AddSingleton<IEcsOperations, ServiceUpdate>().AddSingleton<IEcsOperations, ServiceDeploymentOperations>();
        services.AddSingleton<IEcsOperations, TaskOperations>().AddSingleton<IEcsOperations, TagOperations>();
        services.AddSingleton<IAwsJsonService, EcsService>();

        services.AddSingleton<Scheduler>();
        services.AddSingleton<IServiceScheduler>(provider => provider.GetRequiredService<Scheduler>());
        services.AddSingleton(provider => new Lazy<ITaskSupervisor>(provider.GetRequiredService<TaskSupervisor>));

        services.AddSingleton<PortTable>().AddSingleton<ImageRoots>().AddSingleton<StartedProcesses>().AddSingleton<RuntimeChoice>().AddSingleton<TaskSupervisor>();
        services.AddSingleton<IRuntimeDescription>(provider => provider.GetRequiredService<RuntimeChoice>());
        services.AddSingleton(provider => provider.GetRequiredService<RuntimeChoice>().Picked);
        services.AddSingleton<TaskServices>();

        services.AddSingleton<TaskPools>().AddSingleton<ServiceForwarder>().AddSingleton<ServiceAddresses>();
        services.AddSingleton<ITaskTraffic>(provider => provider.GetRequiredService<TaskPools>());
        services.AddSingleton<IServiceObserver>(provider => provider.GetRequiredService<TaskPools>());
        services.AddSingleton<IServiceObserver>(provider => provider.GetRequiredService<ServiceAddresses>());
        services.AddHostedService<EcsHost>();
        return services;
    }
}

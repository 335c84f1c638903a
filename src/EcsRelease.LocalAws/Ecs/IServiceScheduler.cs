namespace EcsRelease.LocalAws.Ecs;

/// <summary>What the API and the tasks tell the scheduler.</summary>
internal interface IServiceScheduler
{
    /// <summary>Something of this service changed (key: cluster/service); it is looked at soon.</summary>
    void Wake(string serviceKey);
}

/// <summary>What the scheduler and the API ask of running tasks. Keys are those of the task documents.</summary>
internal interface ITaskSupervisor
{
    void Start(string taskKey);

    void Stop(string taskKey);
}

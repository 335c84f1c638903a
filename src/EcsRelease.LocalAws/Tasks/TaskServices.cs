using EcsRelease.LocalAws.Logs;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>What every task needs.</summary>
internal sealed record TaskServices(
    ITaskRuntime Runtime, ISecretStore Secrets, ILogStore Logs, ITaskTraffic Traffic, PortTable Ports, LocalAwsSettings Settings, TimeProvider Time);

/// <summary>The way of requests to tasks.</summary>
internal interface ITaskTraffic
{
    /// <summary>The task runs; requests may reach it once its port answers.</summary>
    /// <param name="opened">Called once its port answers.</param>
    void Add(string serviceKey, string taskId, int port, Action opened);

    /// <summary>Takes the task out and waits, at most <paramref name="limit"/>, until its requests have ended.</summary>
    Task DrainAsync(string taskId, TimeSpan limit);
}

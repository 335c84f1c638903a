using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Ecs;
using EcsRelease.LocalAws.Http;
using EcsRelease.LocalAws.Logs;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>Where a container's output goes. Only the awslogs driver keeps it; other drivers' targets are not here, so it is dropped.</summary>
internal static class ContainerLog
{
    /// <exception cref="TaskFailedException">The log group is missing and awslogs-create-group is not `true`.</exception>
    public static Action<string> Open(ILogStore logs, JsonObject container, string taskId, TimeProvider time)
    {
        if (container.Object("logConfiguration") is not { } configuration || configuration.Text("logDriver") != "awslogs")
            return _ => { };
        var options = configuration.Object("options")!;
        var group = options.Text("awslogs-group")!;
        if (!logs.GroupExists(group))
        {
            if (options.Text("awslogs-create-group") != "true")
                throw StartFailures.LogGroup(group);
            logs.CreateGroup(group);
        }
        var stream = options.Text("awslogs-stream-prefix") is { Length: > 0 } prefix ? $"{prefix}/{container.Text("name")}/{taskId}" : taskId;
        logs.CreateStream(group, stream);
        return line => logs.Append(group, stream, time.GetUtcNow(), line);
    }
}

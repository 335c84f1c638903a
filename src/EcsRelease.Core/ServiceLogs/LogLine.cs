namespace EcsRelease.ServiceLogs;

/// <summary>One event of a container's log.</summary>
/// <param name="At">When it was logged.</param>
/// <param name="Task">Id of its task.</param>
/// <param name="TaskDefinition">ARN of the task's revision; null of a task that ECS has forgotten.</param>
public sealed record LogLine(DateTimeOffset At, string Task, string Container, string? TaskDefinition, string Message)
{
    /// <summary>An event may be several lines.</summary>
    public IReadOnlyList<string> Lines => new Deployments.LogEvent(At, Message).Lines;
}

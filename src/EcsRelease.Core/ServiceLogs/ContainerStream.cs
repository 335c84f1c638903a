using EcsRelease.Deployments;

namespace EcsRelease.ServiceLogs;

/// <summary>The log of one container of one task, while it is followed.</summary>
internal sealed class ContainerStream(LogStream stream, string task, string container, string taskDefinition, DateTimeOffset begunAt)
{
    // The log driver hands its last lines over a moment after the container's end.
    private static readonly TimeSpan _drain = TimeSpan.FromSeconds(5);

    private const int QuietLooks = 2;

    private int _quiet;

    public string Task => task;

    public string Container => container;

    /// <summary>When its task was seen to have stopped; null while it runs.</summary>
    public DateTimeOffset? StoppedAt { get; set; }

    /// <summary>The next look is not before; a container that has not logged is asked less often.</summary>
    public DateTimeOffset NextLook { get; set; }

    public LogStream Stream => stream;

    /// <summary>Nothing comes any more.</summary>
    public bool IsDrained(DateTimeOffset now) => StoppedAt is { } stopped && now - stopped >= _drain && _quiet >= QuietLooks;

    public void Looked(int events) => _quiet = events > 0 ? 0 : _quiet + 1;

    public LogLine LineOf(LogEvent read) => new(read.At ?? begunAt, task, container, taskDefinition, read.Message);
}

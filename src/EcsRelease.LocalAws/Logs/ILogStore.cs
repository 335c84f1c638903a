namespace EcsRelease.LocalAws.Logs;

/// <summary>CloudWatch Logs, write side, for the awslogs driver of tasks.</summary>
public interface ILogStore
{
    bool GroupExists(string group);

    void CreateGroup(string group);

    /// <summary>Creates the stream when it is missing. The group must exist.</summary>
    void CreateStream(string group, string stream);

    void Append(string group, string stream, DateTimeOffset timestamp, string message);
}

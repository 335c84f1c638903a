using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>Runs containers of tasks from images of the local registry.</summary>
internal interface ITaskRuntime : IRuntimeDescription
{
    /// <summary>False when nothing will ever listen on a task's ports.</summary>
    bool HasPorts => true;

    /// <param name="reference">As in a task definition, possibly with the digest that the deployment resolved.</param>
    /// <param name="architecture">Of the task: `amd64` or `arm64`.</param>
    /// <exception cref="TaskFailedException">The image cannot be had.</exception>
    Task<PulledImage> PullAsync(string reference, string architecture, CancellationToken cancellationToken);

    /// <exception cref="TaskFailedException">The process cannot be started.</exception>
    /// <exception cref="InvalidDataException">A path of the image cannot be followed.</exception>
    IContainerProcess Start(ContainerStart start);
}

/// <param name="Digest">Of the manifest that the reference names; null where the runtime needs no image.</param>
/// <param name="Config">The image's `config`: Env, Entrypoint, Cmd, User, WorkingDir.</param>
/// <param name="Root">Folder with the image's files.</param>
internal sealed record PulledImage(string? Digest, JsonObject Config, string Root)
{
    /// <summary>The architecture that the image is made for, where it is another than the task's.</summary>
    public string? WrongArchitecture { get; init; }
}

/// <param name="Folder">A folder of this container alone; it exists.</param>
/// <param name="Output">Takes each line of standard output and error.</param>
internal sealed record ContainerStart(
    PulledImage Image, IReadOnlyList<string> Command, string WorkingDirectory, string User, IReadOnlyDictionary<string, string> Environment, string Folder, Action<string> Output);

internal interface IContainerProcess
{
    string RuntimeId { get; }

    /// <summary>The exit code; 128+n when signal n ended it.</summary>
    Task<int> Exited { get; }

    /// <summary>Its end was a kill for using more memory than it has; meaningful once it has exited.</summary>
    bool OutOfMemory { get; }

    /// <summary>Bytes that its processes hold now.</summary>
    long MemoryInUse();

    void Terminate();

    void Kill();

    /// <summary>Ends it as the kernel ends what is over its memory limit.</summary>
    void KillForMemory();

    /// <summary>Runs a command beside the process, as a health check does.</summary>
    /// <returns>Its exit code; an early end by the token is an OperationCanceledException.</returns>
    Task<int> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken);
}

/// <summary>A task could not be started; the message is its stoppedReason.</summary>
internal sealed class TaskFailedException(string message) : Exception(message);

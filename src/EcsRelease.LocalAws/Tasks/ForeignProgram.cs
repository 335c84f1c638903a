namespace EcsRelease.LocalAws.Tasks;

/// <summary>What becomes of an image made for another CPU than the task's: it is pulled and started, and the kernel refuses its
/// program. Fargate shows exit code 255 and the one line in the log.</summary>
internal sealed class ForeignProgram : IContainerProcess
{
    private const int NotExecutable = 255;

    public ForeignProgram(ContainerStart start) => start.Output($"exec {start.Command[0]}: exec format error");

    public string RuntimeId { get; } = Guid.NewGuid().ToString("N");

    public Task<int> Exited { get; } = Task.FromResult(NotExecutable);

    public bool OutOfMemory => false;

    public long MemoryInUse() => 0;

    public void Terminate()
    {
        // It has ended already, as for the others below.
    }

    public void Kill()
    {
    }

    public void KillForMemory()
    {
    }

    public Task<int> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken) => Task.FromResult(NotExecutable);
}

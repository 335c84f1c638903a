using System.Diagnostics;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>A process of this host that runs a container.</summary>
internal sealed class HostProcess : IContainerProcess
{
    private readonly Process _process;
    private readonly Func<int, int> _signalled;
    private readonly Func<int, IReadOnlyList<string>, ProcessStartInfo> _beside;
    private readonly Task _output;

    private HostProcess(Process process, ContainerStart start, StartedProcesses started, Func<int, int> signalled, Func<int, IReadOnlyList<string>, ProcessStartInfo> beside)
    {
        _process = process;
        _signalled = signalled;
        _beside = beside;
        _output = Task.WhenAll(ReadAsync(process.StandardOutput, start.Output), ReadAsync(process.StandardError, start.Output));
        Exited = EndAsync(started);
    }

    public string RuntimeId { get; } = Guid.NewGuid().ToString("N");

    public Task<int> Exited { get; }

    public bool OutOfMemory { get; private set; }

    /// <param name="signalled">From the started process's id to the one that gets the signals.</param>
    /// <param name="beside">How a command is run beside the process with this id.</param>
    public static HostProcess Start(
        ProcessStartInfo info, ContainerStart start, StartedProcesses started, Func<int, int> signalled, Func<int, IReadOnlyList<string>, ProcessStartInfo> beside)
    {
        info.RedirectStandardInput = true;
        info.RedirectStandardOutput = true;
        info.RedirectStandardError = true;
        info.UseShellExecute = false;
        Process process;
        try
        {
            process = Process.Start(info) ?? throw StartFailures.CannotStart($"'{info.FileName}' did not start");
        }
        catch (Exception fault) when (fault is System.ComponentModel.Win32Exception or IOException)
        {
            throw StartFailures.CannotStart($"exec: \"{start.Command[0]}\": {fault.Message}");
        }
        process.StandardInput.Close();
        started.Note(process);
        return new HostProcess(process, start, started, signalled, beside);
    }

    public void Terminate()
    {
        if (Exited.IsCompleted)
            return;
        if (OperatingSystem.IsWindows())
            Kill();
        else
            NativeFiles.Signal(_signalled(_process.Id), NativeFiles.Terminate);
    }

    public void Kill()
    {
        if (!Exited.IsCompleted)
            _process.Kill(entireProcessTree: true);
    }

    public long MemoryInUse() => Exited.IsCompleted ? 0 : ProcessMemory.OfTree(_process.Id);

    public void KillForMemory()
    {
        if (Exited.IsCompleted)
            return;
        OutOfMemory = true;
        Kill();
    }

    public async Task<int> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        if (Exited.IsCompleted)
            return 1;
        var info = _beside(_process.Id, command);
        info.UseShellExecute = false;
        info.RedirectStandardInput = true;
        info.RedirectStandardOutput = true;
        info.RedirectStandardError = true;
        Process? check;
        try
        {
            check = Process.Start(info);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return 127;
        }
        using (check)
        {
            check!.StandardInput.Close();
            var output = Task.WhenAll(ReadAsync(check.StandardOutput, _ => { }), ReadAsync(check.StandardError, _ => { }));
            try
            {
                await check.WaitForExitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                check.Kill(entireProcessTree: true);
                throw;
            }
            await output;
            return check.ExitCode;
        }
    }

    private async Task<int> EndAsync(StartedProcesses started)
    {
        var id = _process.Id;
        await _process.WaitForExitAsync(CancellationToken.None);
        // A grandchild may hold the pipes open; the last lines of the process itself come within a moment.
        await Task.WhenAny(_output, Task.Delay(TimeSpan.FromMilliseconds(500)));
        started.Forget(id);
        // Of an isolated container it is the parent that is seen to end, which may come after the program it waits for.
        return OutOfMemory ? NativeFiles.Killed : _process.ExitCode;
    }

    private static async Task ReadAsync(StreamReader reader, Action<string> line)
    {
        while (await reader.ReadLineAsync(CancellationToken.None) is { } text)
            line(text);
    }
}

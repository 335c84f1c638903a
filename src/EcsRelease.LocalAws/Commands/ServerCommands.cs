using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Commands;

/// <summary>`up`, `down` and `reset`: one of them at a time per state folder.</summary>
internal sealed class ServerCommands(StateFolder folder, TimeProvider time)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(80);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    public async Task<RunningServer> UpAsync(CancellationToken cancellationToken)
    {
        using var turn = await folder.LockCommandsAsync(time, cancellationToken);
        folder.Create();
        // A held lock without an answer is a server that is just starting or just ending.
        var start = time.GetTimestamp();
        while (folder.ServerIsAlive() && time.GetElapsedTime(start) < StartLimit)
        {
            if (await RunningServer.FindAsync(folder, cancellationToken) is { } running && await TouchAsync(running, cancellationToken))
                return running;
            await Task.Delay(Poll, time, cancellationToken);
        }

        File.Delete(folder.ServerFile);
        var processId = await DetachedProcess.StartServerAsync(folder, cancellationToken);
        start = time.GetTimestamp();
        while (time.GetElapsedTime(start) < StartLimit)
        {
            if (await RunningServer.FindAsync(folder, cancellationToken) is { } started)
                return started;
            if (processId is { } id && DetachedProcess.IsGone(id))
                break;
            await Task.Delay(Poll, time, cancellationToken);
        }

        throw LocalAwsException.DidNotStart(folder.Log, LastLines(folder.Log));
    }

    /// <returns>false when none was running.</returns>
    public async Task<bool> DownAsync(CancellationToken cancellationToken)
    {
        using var turn = await folder.LockCommandsAsync(time, cancellationToken);
        return await StopAsync(cancellationToken);
    }

    /// <returns>false when there was nothing to delete.</returns>
    public async Task<bool> ResetAsync(CancellationToken cancellationToken)
    {
        using var turn = await folder.LockCommandsAsync(time, cancellationToken);
        if (!Directory.Exists(folder.Path) || !Directory.EnumerateFileSystemEntries(folder.Path).Any())
            return false;
        if (!File.Exists(folder.Marker) || new DirectoryInfo(folder.Path).LinkTarget is not null)
            throw LocalAwsException.NotOurFolder(folder.Path, Path.GetFileName(folder.Marker));
        await StopAsync(cancellationToken);
        Directory.Delete(folder.Path, recursive: true);
        return true;
    }

    private async Task<bool> StopAsync(CancellationToken cancellationToken)
    {
        var asked = false;
        var start = time.GetTimestamp();
        while (folder.ServerIsAlive())
        {
            if (time.GetElapsedTime(start) > StopLimit)
                throw LocalAwsException.DidNotStop(ServerFile.Read(folder)?.ProcessId ?? 0, (int)StopLimit.TotalSeconds);
            if (!asked && await RunningServer.FindAsync(folder, cancellationToken) is { } running)
            {
                await running.RequestShutdownAsync(cancellationToken);
                asked = true;
            }

            await Task.Delay(Poll, time, cancellationToken);
        }

        // A killed server leaves its file behind.
        if (Directory.Exists(folder.Path))
            File.Delete(folder.ServerFile);
        return asked;
    }

    /// <returns>false when it is just ending.</returns>
    private static async Task<bool> TouchAsync(RunningServer running, CancellationToken cancellationToken)
    {
        try
        {
            await running.TouchAsync(cancellationToken);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string LastLines(string log) => File.Exists(log)
        ? string.Join(Environment.NewLine, File.ReadLines(log).TakeLast(20))
        : "(no log)";
}

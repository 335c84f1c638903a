using System.Diagnostics;
using System.Globalization;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Commands;

/// <summary>
/// Starts `serve` so that it outlives us and holds none of our streams: a build that started us waits until its
/// pipes are closed, and would wait for the server.
/// </summary>
internal static class DetachedProcess
{
    private const long LogLimit = 10 * 1024 * 1024;

    // setsid takes the server out of the terminal's session, so that Ctrl-C and a closed window do not reach it;
    // macOS has no setsid command. Descriptors above 2 may be pipes of whoever started us.
    private const string Script = """
        exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
        log=$1; shift
        if command -v setsid >/dev/null 2>&1; then setsid "$@" >>"$log" 2>&1 </dev/null &
        else nohup "$@" >>"$log" 2>&1 </dev/null &
        fi
        echo $!
        """;

    /// <returns>The server's process id; null where the system does not tell it.</returns>
    public static async Task<int?> StartServerAsync(StateFolder folder, CancellationToken cancellationToken)
    {
        PrepareLog(folder);
        var command = ServeCommand();
        return OperatingSystem.IsWindows() ? StartHidden(folder, command) : await StartFromShellAsync(folder, command, cancellationToken);
    }

    public static bool IsGone(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return process.HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }

    private static void PrepareLog(StateFolder folder)
    {
        using var log = StateFolder.OpenPrivate(folder.Log, FileMode.OpenOrCreate, FileShare.ReadWrite);
        if (log.Length > LogLimit)
            log.SetLength(0);
    }

    private static async Task<int?> StartFromShellAsync(StateFolder folder, string[] command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, WorkingDirectory = folder.Path };
        foreach (var argument in (string[])["-c", Script, "sh", folder.Log, .. command])
            start.ArgumentList.Add(argument);
        using var shell = Process.Start(start)!;
        var line = await shell.StandardOutput.ReadLineAsync(cancellationToken);
        await shell.WaitForExitAsync(cancellationToken);
        return int.TryParse(line, CultureInfo.InvariantCulture, out var processId) ? processId : null;
    }

    private static int? StartHidden(StateFolder folder, string[] command)
    {
        // Started by the shell, a process inherits no handle.
        var start = new ProcessStartInfo(command[0]) { UseShellExecute = true, WindowStyle = ProcessWindowStyle.Hidden, WorkingDirectory = folder.Path };
        foreach (var argument in (string[])[.. command.Skip(1), "--log", folder.Log])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start);
        return process?.Id;
    }

    private static string[] ServeCommand()
    {
        var host = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(host) == "dotnet"
            ? [host, Path.Combine(AppContext.BaseDirectory, "ecs-release-local.dll"), "serve"]
            : [host, "serve"];
    }
}

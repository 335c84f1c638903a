using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace EcsRelease.Aws.Targets;

/// <summary>Runs `ecs-release-local up --json`, which ends when the server answers.</summary>
internal static class LocalAwsStart
{
    // The first start may restore the package and unpack a runtime.
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(5);

    /// <param name="home">The folder of the local AWS; its log lies there.</param>
    /// <exception cref="EcsReleaseException">ECSR6001, 6002.</exception>
    public static async Task RunAsync(LocalAwsCommand command, string home, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(command.FileName, [.. command.Arguments, "up", "--json"])
        {
            WorkingDirectory = command.WorkingDirectory,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            CreateNoWindow = true,
        };
        Neutral(start);
        using var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var errors = new StringBuilder();
        process.Exited += (_, _) => ended.TrySetResult();
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) =>
        {
            Append(errors, line.Data);
            if (line.Data is null)
                said.TrySetResult();
        };
        // The JSON holds the secret key and is not kept; the state file says the same.
        process.OutputDataReceived += (_, _) => { };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw Errors.LocalAwsMissing($"'{command.FileName}' cannot be run: {exception.Message}");
        }
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        try
        {
            // Not WaitForExitAsync: that waits for the end of the output too, and the server inherits it.
            await ended.Task.WaitAsync(s_limit, time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            if (exception is TimeoutException)
                throw Errors.LocalAwsFailed($"'{command.FileName} up' did not end within {s_limit.TotalMinutes:0} min", home);
            throw;
        }
        if (process.ExitCode == 0)
            return;
        // A program that failed left no server that would hold the pipe open; its last words may still be on the way.
        await Task.WhenAny(said.Task, Task.Delay(s_lastWords, time, cancellationToken));
        throw Errors.LocalAwsFailed($"'{string.Join(' ', [Path.GetFileName(command.FileName), .. command.Arguments, "up"])}' exited with {process.ExitCode}: {Text(errors)}", home);
    }

    // Variables of the build that runs us are none of the server's business.
    private static void Neutral(ProcessStartInfo start)
    {
        foreach (var variable in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(variable);
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is null)
            return;
        lock (text)
            text.AppendLine(line);
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
            return text.ToString().Trim();
    }
}

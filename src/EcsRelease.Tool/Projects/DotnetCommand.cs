using System.Diagnostics;

namespace EcsRelease.Tool.Projects;

/// <summary>One run of `dotnet`: its exit code and what it printed.</summary>
internal sealed record DotnetResult(int ExitCode, IReadOnlyList<string> Lines)
{
    /// <summary>The error lines once each (MSBuild repeats them in its summary); without any the last lines.</summary>
    public string Errors
    {
        get
        {
            var errors = Lines.Where(line => line.Contains(": error ", StringComparison.Ordinal) || line.StartsWith("error ", StringComparison.Ordinal))
                .Select(line => line.Trim()).Distinct().ToArray();
            var shown = errors.Length > 0 ? errors.Take(10) : Lines.Where(line => line.Trim().Length > 0).TakeLast(20);
            return string.Join(Environment.NewLine, shown.Append(errors.Length > 10 ? $"and {errors.Length - 10} more errors" : "").Where(line => line.Length > 0));
        }
    }
}

/// <summary>Runs the .NET CLI that runs this tool.</summary>
internal static class DotnetCommand
{
    /// <param name="onLine">Gets each line as it is printed.</param>
    public static async Task<DotnetResult> RunAsync(string directory, IEnumerable<string> arguments, Action<string> onLine, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Executable(), arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // Error lines are found by their English form.
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"'{start.FileName}' did not start.");
        process.StandardInput.Close();
        var lines = new List<string>();
        try
        {
            await Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError)).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
        return new(process.ExitCode, lines);

        async Task ReadAsync(StreamReader reader)
        {
            while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            {
                lock (lines)
                    lines.Add(line);
                onLine(line);
            }
        }
    }

    private static string Executable() =>
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host && File.Exists(host) ? host : "dotnet";
}

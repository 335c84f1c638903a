using System.Diagnostics;
using System.Text;

namespace EcsRelease.EndToEndTests;

/// <summary>Runs a program as a user would, in an environment of its own, and leaves a transcript in the test's output.</summary>
internal static class Command
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    public static Task<CommandResult> RunAsync(string program, IEnumerable<string> arguments, string directory, IReadOnlyDictionary<string, string> environment) =>
        RunAsync(program, arguments, directory, environment, null);

    /// <summary>Sends the signal of Ctrl-C when the output contains <paramref name="when"/>.</summary>
    public static Task<CommandResult> InterruptAsync(string program, IEnumerable<string> arguments, string directory, IReadOnlyDictionary<string, string> environment, string when) =>
        RunAsync(program, arguments, directory, environment, when);

    private static async Task<CommandResult> RunAsync(string program, IEnumerable<string> arguments, string directory, IReadOnlyDictionary<string, string> environment, string? interruptWhen)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        // Nothing of the machine's own settings (CI, GITHUB_*, AWS_*, MSBUILD*) may decide a test.
        start.Environment.Clear();
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = new StringBuilder();
        var standardOutput = new StringBuilder();
        var interrupted = 0L;
        process.OutputDataReceived += (_, line) =>
        {
            Append(output, line.Data);
            Append(standardOutput, line.Data);
            if (interruptWhen is not null && interrupted == 0 && line.Data?.Contains(interruptWhen, StringComparison.Ordinal) == true)
            {
                interrupted = Stopwatch.GetTimestamp();
                using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
            }
        };
        process.ErrorDataReceived += (_, line) => Append(output, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {Limit}:\n{output}");
        }
        var result = new CommandResult(process.ExitCode, output.ToString(), Stopwatch.GetElapsedTime(began))
        {
            StandardOutput = standardOutput.ToString(),
            SinceInterrupt = interrupted == 0 ? null : Stopwatch.GetElapsedTime(interrupted),
        };
        await TestContext.Out.WriteLineAsync($"$ {program} {string.Join(' ', arguments)}\n{result.Output}[exit {result.ExitCode}, {result.Duration.TotalSeconds:0.0} s]");
        return result;
    }

    private static void Append(StringBuilder output, string? line)
    {
        if (line is null)
            return;
        lock (output)
            output.Append(line).Append('\n');
    }
}

/// <param name="Output">Standard output and standard error, as they came.</param>
internal sealed record CommandResult(int ExitCode, string Output, TimeSpan Duration)
{
    public string StandardOutput { get; init; } = "";

    /// <summary>From the interrupt to the end; null when there was none.</summary>
    public TimeSpan? SinceInterrupt { get; init; }

    public CommandResult Succeeded()
    {
        ExitCode.Should().Be(0, "the command should succeed, its output is:\n{0}", Output);
        return this;
    }

    /// <summary>It failed with this code, and with no other error of ours.</summary>
    public CommandResult FailedWith(string code)
    {
        ExitCode.Should().NotBe(0, "the command should fail, its output is:\n{0}", Output);
        Output.Should().Contain($"error {code}:");
        return this;
    }
}

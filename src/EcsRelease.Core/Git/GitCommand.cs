using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace EcsRelease.Git;

/// <param name="ExitCode">128 = git itself failed (no repository, unknown commit …).</param>
/// <param name="Output">Standard output, as UTF-8.</param>
internal sealed record GitResult(string Command, int ExitCode, string Output, string Error)
{
    public string Checked() => ExitCode == 0 ? Output : throw Errors.GitFailed(Command, Error.Trim());
}

/// <summary>Runs the git command line: the only reader of a repository that knows all its formats (sha256, reftable,
/// worktrees) and the user's safety settings.</summary>
internal static class GitCommand
{
    // Set while a hook runs; they would override the directory that is asked for.
    private static readonly string[] s_repositoryVariables =
        ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE"];

    public static async Task<GitResult> RunAsync(string directory, IEnumerable<string> arguments, CancellationToken cancellationToken, string input = "")
    {
        string[] all = ["--no-optional-locks", "-C", directory, .. arguments];
        var command = "git " + string.Join(' ', arguments);
        using var process = new Process { StartInfo = Start(all) };
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw Errors.GitFailed(command, exception.Message);
        }
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await WriteAsync(process.StandardInput, input, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new GitResult(command, process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static async Task WriteAsync(StreamWriter standardInput, string input, CancellationToken cancellationToken)
    {
        try
        {
            await standardInput.WriteAsync(input.AsMemory(), cancellationToken);
            standardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading, as where there is no repository: its exit code and its words tell why.
        }
    }

    private static ProcessStartInfo Start(string[] arguments)
    {
        var encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var start = new ProcessStartInfo("git", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = encoding,
            StandardOutputEncoding = encoding,
            StandardErrorEncoding = encoding,
            CreateNoWindow = true,
        };
        foreach (var variable in s_repositoryVariables)
            start.Environment.Remove(variable);
        start.Environment["LC_ALL"] = "C";
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        // A partial clone must not go to the network for a question about ancestors.
        start.Environment["GIT_NO_LAZY_FETCH"] = "1";
        return start;
    }
}

using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace EcsRelease.MSBuild;

/// <summary>Lines of a task that last. MSBuild's terminal logger drops all messages of tasks but two kinds; elsewhere
/// (CI, a pipe, a worker node) they are plain lines.</summary>
internal sealed class Messages(TaskLoggingHelper log, string projectFile)
{
    // A message that holds this word is printed at once by the terminal logger (made for credential providers, see
    // dotnet/msbuild 9667). It is put into the target of an empty terminal hyperlink, which shows nothing.
    private const string AtOnce = "\e]8;;https://localhost/#--interactive\e\\\e]8;;\e\\";

    /// <summary>MSBuild tells all its nodes by this variable that the terminal logger shows the build (its own test task
    /// goes by it). The terminal itself is known to the main node alone: see <see cref="LiveRegion"/>.</summary>
    private static bool TerminalLogger => Environment.GetEnvironmentVariable("_MSBUILDTLENABLED") == "1";

    public void Line(string text) => log.LogMessage(MessageImportance.High, "{0}", TerminalLogger ? text + AtOnce : text);

    /// <summary>`PROJECT -> …`: what the terminal logger shows in place of the output path.</summary>
    public void Result(string text) => log.LogMessage(MessageImportance.High, "{0}", text);

    public void Warn(Notice warning) => log.LogWarning(null, warning.Code, null, projectFile, 0, 0, 0, 0, "{0}", warning.Message);

    public void Error(PlacedError error)
    {
        if (error.Error.InnerException is { } cause)
            log.LogMessage(MessageImportance.Low, "{0}", cause);
        Error(error.Error.Code, error.Message, error.File, error.Line, error.Column);
    }

    /// <summary>An error whose line is the cause, then the rest of the report: one block on a terminal. A plain logger
    /// repeats file and code on each line of an error, so there the rest is messages.</summary>
    public void Error(string code, FailureReport report)
    {
        if (TerminalLogger)
        {
            Error(code, string.Join('\n', report.Lines().Prepend(report.Cause)), projectFile);
            return;
        }
        Error(code, report.Cause, projectFile);
        foreach (var line in report.Lines())
            Line(line);
    }

    private void Error(string code, string message, string file, int line = 0, int column = 0) => log.LogError(null, code, null, file, line, column, 0, 0, "{0}", message);
}

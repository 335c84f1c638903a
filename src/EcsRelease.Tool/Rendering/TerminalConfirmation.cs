using Spectre.Console;

namespace EcsRelease.Tool.Rendering;

/// <summary>Asks on the terminal that this process has, beside the steps that are drawn there.</summary>
/// <param name="console">Standard error: results stay fit for a pipe.</param>
internal sealed class TerminalConfirmation(IAnsiConsole console, StepReporter reporter) : IConfirmation
{
    // A pseudo-terminal of a CI system has nobody before it.
    public bool CanAsk => !Console.IsInputRedirected && console.Profile.Out.IsTerminal && Environment.GetEnvironmentVariable("CI") is null or "" or "false";

    public Task<string?> AskAsync(ConfirmationQuestion question, CancellationToken cancellationToken) => reporter.AsideAsync(async () =>
    {
        foreach (var line in question.Lines)
            console.WriteLine(line);
        console.Write(new Text(question.Prompt, new Style(decoration: Decoration.Bold)));
        // A read of a terminal cannot be cancelled; it ends with the process.
        return await Task.Run(Console.ReadLine, CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
    });
}

using System.Text;

namespace EcsRelease.MSBuild;

/// <summary>Asks within a build. The terminal logger redraws its frame and moves the cursor all the time, so nothing may be
/// echoed where the cursor is: what is typed is drawn below the frame, key by key.</summary>
/// <param name="terminal">Null where this process has none.</param>
internal sealed class TerminalConfirmation(Messages messages, LiveRegion? terminal) : IConfirmation
{
    private const char EndOfInput = '\u0004';
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(500);

    // A pseudo-terminal of a CI system has nobody before it.
    public bool CanAsk => terminal is not null && !Console.IsInputRedirected && Environment.GetEnvironmentVariable("CI") is null or "" or "false";

    public async Task<string?> AskAsync(ConfirmationQuestion question, CancellationToken cancellationToken)
    {
        foreach (var line in question.Lines)
            messages.Line(line);
        var typed = new StringBuilder();
        try
        {
            while (true)
            {
                // A read of a terminal cannot be cancelled; it ends with the process.
                var key = Task.Run(() => Console.ReadKey(intercept: true).KeyChar, CancellationToken.None);
                do
                    terminal!.Draw([$"  {question.Summary}?", $"  {question.Prompt}{typed}_"]);
                while (await Task.WhenAny(key, Task.Delay(Redraw, cancellationToken)) != key && !cancellationToken.IsCancellationRequested);
                cancellationToken.ThrowIfCancellationRequested();
                switch (await key)
                {
                    case '\r' or '\n':
                        return typed.ToString();
                    case EndOfInput:
                        return null;
                    case '\b' or '\u007f':
                        typed.Length = Math.Max(0, typed.Length - 1);
                        break;
                    case var letter when !char.IsControl(letter):
                        typed.Append(letter);
                        break;
                }
            }
        }
        finally
        {
            terminal!.Erase();
        }
    }
}

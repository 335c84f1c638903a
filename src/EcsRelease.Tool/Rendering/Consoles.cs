using Spectre.Console;

namespace EcsRelease.Tool.Rendering;

internal static class Consoles
{
    /// <summary>Neither a terminal nor the log of a CI job, which obeys commands in what it is given: a pipe or a file.</summary>
    public static bool IsForPrograms(TextWriter writer) => !new AnsiConsoleOutput(writer).IsTerminal && !IsCi;

    /// <summary>Colour and width of a terminal; elsewhere plain lines that are never broken. NO_COLOR is honoured by Spectre.Console.</summary>
    public static IAnsiConsole Create(TextWriter writer)
    {
        var output = new AnsiConsoleOutput(writer);
        var isTerminal = output.IsTerminal && !IsCi;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = output,
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
            console.Profile.Width = int.MaxValue / 2;
        return console;
    }

    private static bool IsCi => Environment.GetEnvironmentVariable("CI") is not (null or "" or "false") || Environment.GetEnvironmentVariable("TF_BUILD") is not (null or "");
}

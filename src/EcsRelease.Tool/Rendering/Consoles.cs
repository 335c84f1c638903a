using Spectre.Console;

namespace EcsRelease.Tool.Rendering;

internal static class Consoles
{
    /// <summary>Colour and width of a terminal; elsewhere plain lines that are never broken. NO_COLOR is honoured by Spectre.Console.</summary>
    public static IAnsiConsole Create(TextWriter writer)
    {
        var output = new AnsiConsoleOutput(writer);
        var isTerminal = output.IsTerminal && Environment.GetEnvironmentVariable("CI") is null or "" or "false";
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
}

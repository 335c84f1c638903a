using EcsRelease.Verbs;
using Spectre.Console;

namespace EcsRelease.Tool.Rendering;

/// <summary>A plan on a terminal: colours for what comes and goes, long lines broken below their own beginning.</summary>
internal static class PlanView
{
    public static void Print(IReadOnlyList<PlanLine> lines, IAnsiConsole console)
    {
        foreach (var line in lines)
            foreach (var row in line.Broken(console.Profile.Width))
                console.Write(new Text(row + "\n", StyleOf(line.Mark)));
    }

    private static Style StyleOf(PlanMark mark) => mark switch
    {
        PlanMark.Heading => new(decoration: Decoration.Bold),
        PlanMark.Added => new(Color.Green),
        PlanMark.Changed => new(Color.Yellow),
        PlanMark.Removed => new(Color.Red),
        PlanMark.Quiet => new(Color.Grey),
        _ => Style.Plain,
    };
}

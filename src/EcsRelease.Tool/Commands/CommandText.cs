using System.CommandLine;

namespace EcsRelease.Tool.Commands;

/// <summary>What a command says of itself. Its description ends with its examples, a line each: `Example: ecs-release …`.</summary>
/// <param name="Description">Without the examples.</param>
/// <param name="Examples">Command lines, as they are typed.</param>
internal sealed record CommandText(string Description, IReadOnlyList<string> Examples)
{
    private const string Mark = "Example: ";
    private static readonly string[] s_clauseEnds = [". ", ": ", "; ", ", ", "\n"];

    /// <summary>Its first clause: one line among others.</summary>
    public string Summary
    {
        get
        {
            var end = s_clauseEnds.Select(mark => Description.IndexOf(mark, StringComparison.Ordinal)).Where(at => at > 0).DefaultIfEmpty(Description.Length).Min();
            return Description[..end].TrimEnd('.');
        }
    }

    public static CommandText Of(Command command)
    {
        var parts = (command.Description ?? "").Split(Mark, StringSplitOptions.TrimEntries);
        return new(parts[0], parts[1..]);
    }
}

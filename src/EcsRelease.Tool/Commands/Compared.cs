using System.Text.Json;
using EcsRelease.TaskDefinitions;
using EcsRelease.Verbs;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>A comparison as it is printed: by container and member, what goes in red, what comes in green.</summary>
internal sealed class Compared(DefinitionDiff diff) : IVerbResult
{
    private static readonly Style Gone = new(Color.Red);
    private static readonly Style Come = new(Color.Green);

    public int ExitCode => diff.Ended.ExitCode();

    public string ToJson() => JsonSerializer.Serialize(diff, ReleaseRecord.Json);

    public void Print(IAnsiConsole results, IAnsiConsole failures)
    {
        var (before, after) = (Name(diff.Before), Name(diff.After));
        results.WriteLine(diff.Differences.Count == 0 ? $"No difference: {before}, {after}" : $"{before} → {after}");
        foreach (var group in diff.Differences.GroupBy(difference => difference.Container))
        {
            results.WriteLine(group.Key is null ? "  task" : $"  container {group.Key}");
            foreach (var difference in group)
                results.Write(Line(difference));
        }
        foreach (var warning in diff.Warnings)
            failures.WriteLine($"warning {warning.Code}: {warning.Message}");
    }

    private static Paragraph Line(Difference difference)
    {
        var line = new Paragraph();
        return difference switch
        {
            { Before: null } => line.Append($"    + {InertText.Of($"{difference.Member}: {difference.After}")}\n", Come),
            { After: null } => line.Append($"    - {InertText.Of($"{difference.Member}: {difference.Before}")}\n", Gone),
            _ => line.Append($"    ~ {InertText.Of(difference.Member)}: ").Append(InertText.Of(difference.Before), Gone).Append(" → ").Append(InertText.Of(difference.After) + "\n", Come),
        };
    }

    private static string Name(ComparedDefinition side)
    {
        var commit = side.Commit is { } sha ? sha[..Math.Min(12, sha.Length)] : null;
        return side.TaskDefinition is { } arn
            ? arn.Split('/')[^1] + (commit is null ? "" : $" ({commit})")
            : $"a release of {commit} (from {side.From})";
    }
}

using EcsRelease.Tool.Rendering;
using EcsRelease.Verbs;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>A plan as it is printed: for people what changes and what is done, for machines with `schema` (additions only).</summary>
/// <param name="deploy">The command line that releases the file it was written to; null = it was written to none.</param>
internal sealed class Planned(ReleasePlan plan, bool failOnChange, string? deploy = null) : IVerbResult
{
    /// <summary>Those that were not told while it was made.</summary>
    public IReadOnlyList<Notice> Warnings { get; init; } = plan.Warnings;

    public int ExitCode => (failOnChange && plan.Changes ? ReleaseOutcome.Differs : ReleaseOutcome.Planned).ExitCode();

    public string ToJson() => PlanDocument.ToJson(plan);

    public void Print(IAnsiConsole results, IAnsiConsole failures)
    {
        PlanView.Print(PlanText.Report(plan), results);
        if (deploy is not null && plan.Changes)
            results.WriteLine($"Release exactly this: {deploy}");
        foreach (var warning in Warnings)
            failures.WriteLine($"warning {warning.Code}: {warning.Message}");
    }
}

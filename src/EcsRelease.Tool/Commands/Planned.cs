using EcsRelease.Tool.Rendering;
using EcsRelease.Verbs;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>A plan as it is printed: for people what changes and what is done, for machines with `schema` (additions only).</summary>
/// <param name="file">Where it was written to; null = nowhere.</param>
internal sealed class Planned(ReleasePlan plan, bool failOnChange, string? file = null) : IVerbResult
{
    public int ExitCode => (failOnChange && plan.Changes ? ReleaseOutcome.Differs : ReleaseOutcome.Planned).ExitCode();

    public string ToJson() => PlanDocument.ToJson(plan);

    public void Print(IAnsiConsole results, IAnsiConsole failures)
    {
        PlanView.Print(PlanText.Report(plan), results);
        if (file is not null && plan.Changes)
            results.WriteLine($"Release exactly this: ecs-release deploy --plan {ShellWord.Of(file)}");
        foreach (var warning in plan.Warnings)
            failures.WriteLine($"warning {warning.Code}: {warning.Message}");
    }
}

using EcsRelease.Tool.Rendering;
using EcsRelease.Verbs;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>What a rollback would do, as it is printed.</summary>
internal sealed class RollbackPlanned(RollbackPlan plan) : IVerbResult
{
    public int ExitCode => ReleaseOutcome.Planned.ExitCode();

    public string ToJson() => plan.ToJson();

    // Warnings were told while it was made.
    public void Print(IAnsiConsole results, IAnsiConsole failures) => PlanView.Print(RollbackText.Lines(plan, TimeProvider.System.GetUtcNow()), results);
}

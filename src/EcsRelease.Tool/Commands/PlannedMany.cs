using System.Text.Json;
using System.Text.Json.Nodes;
using EcsRelease.Verbs;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>The plans of several services, one below the other; for machines a list of what a single one is.</summary>
internal sealed class PlannedMany(IReadOnlyList<ReleasePlan> plans, bool failOnChange) : IVerbResult
{
    public int ExitCode => (failOnChange && plans.Any(plan => plan.Changes) ? ReleaseOutcome.Differs : ReleaseOutcome.Planned).ExitCode();

    public string ToJson() => new JsonObject
    {
        ["schema"] = 1,
        ["plans"] = new JsonArray([.. plans.Select(plan => JsonNode.Parse(PlanDocument.ToJson(plan)))]),
    }.ToJsonString(ReleaseRecord.Json);

    public void Print(IAnsiConsole results, IAnsiConsole failures)
    {
        foreach (var (number, plan) in plans.Index())
        {
            if (number > 0)
                results.WriteLine("");
            new Planned(plan, failOnChange) { Warnings = [] }.Print(results, failures);
        }
        foreach (var warning in plans.SelectMany(plan => plan.Warnings).Distinct())
            failures.WriteLine($"warning {warning.Code}: {warning.Message}");
    }
}

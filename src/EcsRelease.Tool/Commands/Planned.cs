using System.Text.Json;
using EcsRelease.Aws;
using EcsRelease.Verbs;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>A plan as it is printed: for people one action a line, for machines with `schema` (additions only).</summary>
internal sealed class Planned(ReleasePlan plan, bool failOnChange) : IVerbResult
{
    public int ExitCode => (failOnChange && plan.Changes ? ReleaseOutcome.Differs : ReleaseOutcome.Planned).ExitCode();

    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            Schema = 1,
            Version = EngineVersion.Current,
            Outcome = ReleaseOutcome.Planned.Word(),
            Target = plan.Definition.Options.Target.ToString().ToLowerInvariant(),
            plan.Access.Account,
            plan.Access.Region,
            plan.Cluster,
            plan.Service,
            Commit = plan.Commit.Sha,
            plan.Commit.Branch,
            plan.Tag,
            Repository = plan.Repository.Uri ?? plan.Repository.Name,
            plan.Platform,
            plan.NeedsBuild,
            plan.LiveCommit,
            plan.Owner,
            plan.Changes,
            Actions = plan.Changes ? plan.Actions : [],
            plan.Warnings,
        },
        ReleaseRecord.Json);

    public void Print(IAnsiConsole results, IAnsiConsole failures)
    {
        foreach (var line in PlanText.Report(plan))
            results.WriteLine(line);
        foreach (var warning in plan.Warnings)
            failures.WriteLine($"warning {warning.Code}: {warning.Message}");
    }
}

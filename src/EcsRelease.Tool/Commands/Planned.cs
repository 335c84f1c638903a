using System.Text.Json;
using EcsRelease.Aws;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>A plan as it is printed: for people one action a line, for machines with `schema` (additions only).</summary>
internal sealed class Planned(ReleasePlan plan, ReleaseOptions options, bool failOnChange) : IVerbResult
{
    public int ExitCode => (failOnChange && Changes ? ReleaseOutcome.Differs : ReleaseOutcome.Planned).ExitCode();

    private bool Changes => options.Force || !plan.IsLive;

    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            Schema = 1,
            Version = EngineVersion.Current,
            Outcome = ReleaseOutcome.Planned.Word(),
            Target = options.Target.ToString().ToLowerInvariant(),
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
            Changes,
            Actions = Changes ? plan.Actions : [],
            plan.Warnings,
        },
        ReleaseRecord.Json);

    public void Print(IAnsiConsole results, IAnsiConsole failures)
    {
        if (!Changes)
            results.WriteLine($"'{plan.Service}' in cluster '{plan.Cluster}' ({plan.Access.Account}/{plan.Access.Region}): commit {plan.Commit.Sha} is live, nothing to do.");
        else
            PrintActions(results);
        foreach (var warning in plan.Warnings)
            failures.WriteLine($"warning {warning.Code}: {warning.Message}");
    }

    private void PrintActions(IAnsiConsole results)
    {
        results.WriteLine($"Plan for '{plan.Service}' in cluster '{plan.Cluster}' ({plan.Access.Account}/{plan.Access.Region}), commit {plan.Commit.Sha}:");
        foreach (var action in plan.Actions)
            results.WriteLine("  " + action);
    }
}

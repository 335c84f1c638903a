using EcsRelease.Deployments;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>A plan in words: what is going to happen, one line each, in order.</summary>
public static class PlanText
{
    /// <summary>What `plan` and a dry run print, in both hosts.</summary>
    public static IReadOnlyList<string> Report(ReleasePlan plan)
    {
        var place = $"'{plan.Service}' in cluster '{plan.Cluster}' ({plan.Access.Account}/{plan.Access.Region})";
        return plan.Changes
            ? [$"Plan for {place}, commit {plan.Commit.Sha}:", .. plan.Actions.Select(action => "  " + action)]
            : [$"{place}: commit {plan.Commit.Sha} is live, nothing to do."];
    }

    internal static IReadOnlyList<string> Of(ReleasePlan plan, ReleaseOptions options, DesiredRevision desired)
    {
        List<string> lines = [];
        var repository = plan.Repository.Uri ?? plan.Repository.Name;
        if (plan.Repository.Uri is null)
            lines.Add($"create repository {plan.Repository.Name} (immutable tags, scan on push)");
        lines.Add(plan.NeedsBuild
            ? $"build {repository}:{plan.Tag} for {plan.Platform} and push it"
            : $"use {repository}:{plan.Tag}, which is there ({plan.Image!.Manifest.Digest})");
        if (options.StopAfter == StopAfterStep.Push)
            return lines;

        lines.Add($"register a revision of {desired.Family} from {desired.From}, unless this commit has one");
        lines.AddRange(desired.Changes.Select(change => $"  {change}"));
        if (options.StopAfter == StopAfterStep.Register)
            return lines;

        if (options.BeforeDeploy is { } before)
            lines.Add($"run '{before}' in a task of that revision; go on when it exits with 0");
        lines.Add(plan.LiveService is null
            ? $"create service {plan.Service} in cluster {plan.Cluster} with {options.DesiredCount} task(s)"
            : $"update service {plan.Service} in cluster {plan.Cluster}, live is {Live(plan)}");
        if (plan.LiveService?.RolloutState == "IN_PROGRESS")
            lines.Add(options.OnConflict == ConflictPolicy.Supersede ? "  replacing the deployment in progress" : "  after the deployment in progress has ended");
        if (options.StopAfter == StopAfterStep.None)
            lines.Add(options.Wait ? $"wait up to {options.Timeout.TotalMinutes:0.#} min for the rollout" : "not wait for the rollout");
        if (options is { AfterDeploy: { } after, StopAfter: StopAfterStep.None, Wait: true })
            lines.Add($"check {AfterDeployCheck.Parse(after).Shown}{(options.AfterDeployRollback ? ", and set the service back when it fails" : "")}");
        return lines;
    }

    private static string Live(ReleasePlan plan)
    {
        var revision = plan.LiveService!.TaskDefinition.Split('/')[^1];
        return plan.LiveCommit is { } commit ? $"{revision} ({commit[..Math.Min(12, commit.Length)]})" : revision;
    }
}

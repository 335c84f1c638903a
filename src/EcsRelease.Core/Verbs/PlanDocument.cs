using System.Text.Json;
using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Verbs;

/// <summary>The document of `plan --json` and `plan --out`. Its shape is a promise, additions only. It holds no times, so
/// that two plans of the same state are equal, and no values that may be secret.</summary>
public static class PlanDocument
{
    public static string ToJson(ReleasePlan plan) => JsonSerializer.Serialize(Members(plan), ReleaseRecord.Json);

    internal static JsonObject Of(ReleasePlan plan) => (JsonObject)JsonSerializer.SerializeToNode(Members(plan), ReleaseRecord.Json)!;

    private static object Members(ReleasePlan plan) => new
    {
        Schema = 1,
        Version = EngineVersion.Current,
        Outcome = ReleaseOutcome.Planned.Word(),
        Target = plan.Definition.Options.Target.Word(),
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
        Digest = plan.Image?.Manifest.Digest,
        ImageInputs = plan.ImageInputs.Value,
        plan.MovingTags,
        plan.LiveCommit,
        plan.LiveBranch,
        LiveTaskDefinition = plan.LiveService?.TaskDefinition,
        LiveDeployment = (string?)plan.LiveService?.Primary?["id"],
        plan.Commits,
        plan.Drift,
        plan.DefinitionHash,
        plan.DefinitionChanges,
        plan.ExistingRevision,
        Update = plan.Update?.Word(),
        Strategy = plan.LiveService?.Strategy ?? "ROLLING",
        plan.Owner,
        plan.Changes,
        Actions = plan.Changes ? plan.Actions : [],
        Calls = plan.Changes ? plan.Calls : [],
        plan.Warnings,
    };
}

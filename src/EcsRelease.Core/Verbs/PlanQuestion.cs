namespace EcsRelease.Verbs;

/// <summary>EcsConfirm: a plan as the question whether to release it.</summary>
public static class PlanQuestion
{
    private const int MostChanges = 8;

    /// <summary>Asks before anything is changed, where that is wanted. What was agreed to is done as it is, or not at all.</summary>
    /// <returns>The plan as one that a release does.</returns>
    /// <exception cref="EcsReleaseException">ECSR5225, 5226.</exception>
    public static async Task<ReleasePlan> ConfirmAsync(ReleasePlan plan, IConfirmation confirmation, CancellationToken cancellationToken)
    {
        if (!plan.NeedsConfirmation)
            return plan;
        try
        {
            if (plan.Changes)
                await Of(plan).RequireAsync(confirmation, cancellationToken);
            return plan with { IsBinding = true, IsConfirmed = true };
        }
        catch
        {
            plan.Access.Dispose();
            throw;
        }
    }

    internal static ConfirmationQuestion Of(ReleasePlan plan)
    {
        var options = plan.Definition.Options;
        string[] lines =
        [
            $"Release to '{plan.Service}' in cluster '{plan.Cluster}' ({plan.Access.Account}/{plan.Access.Region}, target {options.Target.Word()}):",
            $"  commit   {Short(plan.Commit.Sha)} {plan.Commit.Subject}{(plan.Commit.Branch is { } branch ? $" ({branch})" : "")}",
            $"  live     {Live(plan)} → {Next(plan)}",
            .. Commits(plan),
            .. plan.DefinitionChanges.Take(MostChanges).Select(change => $"  changes  {change}"),
            .. plan.DefinitionChanges.Count > MostChanges ? [$"  changes  and {plan.DefinitionChanges.Count - MostChanges} more: ecs-release plan"] : Array.Empty<string>(),
            .. plan.Warnings.Select(warning => $"  warning {warning.Code}: {warning.Message}"),
        ];
        return new(
            [.. lines.Select(InertText.Of)],
            $"Release {Short(plan.Commit.Sha)} to '{plan.Service}' in cluster '{plan.Cluster}' ({plan.Access.Account}/{plan.Access.Region})",
            plan.Service,
            "Agree to it on the command line: ecs-release deploy --yes, or dotnet publish -p:EcsConfirm=false; or release a plan that was agreed to: ecs-release deploy --plan FILE");
    }

    private static string Live(ReleasePlan plan) => plan.LiveService is not { } live
        ? plan.Definition.Options.StopAfter is StopAfterStep.Push or StopAfterStep.Register ? "as it is" : "no service"
        : $"{live.TaskDefinition.Split('/')[^1]}{(plan.LiveCommit is { } commit ? $" ({Short(commit)})" : "")}";

    private static string Next(ReleasePlan plan) => plan.Definition.Options.StopAfter switch
    {
        StopAfterStep.Push => $"as it is; image {plan.Repository.Name}:{plan.Tag}",
        StopAfterStep.Register => "as it is; a revision that is handed on",
        _ => $"{plan.ExistingRevision?.Split('/')[^1] ?? "a new revision"} ({Short(plan.Commit.Sha)})",
    };

    private static IEnumerable<string> Commits(ReleasePlan plan) => plan.Commits switch
    {
        null => [],
        { Unknown: { } why } => [$"  commits  unknown: {why}"],
        { } commits =>
        [
            $"  commits  {commits.AddedCount} since the live one{(commits.RemovedCount > 0 ? $", takes back {commits.RemovedCount}" : "")}",
            .. commits.Added.Select(each => $"           {Short(each.Sha)} {each.Subject}"),
        ],
    };

    private static string Short(string sha) => sha.Length > 12 ? sha[..12] : sha;
}

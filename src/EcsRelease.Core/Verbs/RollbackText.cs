using System.Globalization;

namespace EcsRelease.Verbs;

/// <summary>A rollback in a few lines, for the look before it: from where to where, what is taken back, what differs.</summary>
public static class RollbackText
{
    private const int Column = 14;

    public static IReadOnlyList<PlanLine> Lines(RollbackPlan plan, DateTimeOffset now) =>
    [
        new(0, $"Rollback of '{plan.Service}' in cluster '{plan.Cluster}' ({plan.Account}/{plan.Region}){(plan.Changes ? ":" : ": nothing to do")}", PlanMark.Heading),
        Line("from", Side(plan.From, now)),
        Line("to", plan.To is { } to ? Side(to, now) : "what was live before it"),
        .. Commits(plan),
        .. plan.Differences.Select((difference, index) => Line(index == 0 ? "changes" : "", difference.ToString(), PlanMark.Changed)),
        Line("service", Action(plan)),
    ];

    /// <summary>The whole in one line, for the question whether to do it.</summary>
    public static string Summary(RollbackPlan plan) => plan.To is { } to
        ? $"Roll '{plan.Service}' in cluster '{plan.Cluster}' ({plan.Account}/{plan.Region}) back from {Name(plan.From)} to {Name(to)}"
        : $"Undo the deployment of {Name(plan.From)} in '{plan.Service}' of cluster '{plan.Cluster}' ({plan.Account}/{plan.Region})";

    private static string Name(RollbackSide side) => side.TaskDefinition.Split('/')[^1] + (side.Commit is { } commit ? $" ({Short(commit)})" : "");

    private static string Action(RollbackPlan plan) => plan.Action switch
    {
        "stop" => "the deployment in progress is stopped and rolled back",
        "join" => "it is being rolled out already; that deployment is followed",
        "watch" => "it is live, but fewer tasks run than are wanted; they are watched",
        "unchanged" => "it is live already",
        "forceUpdate" => "a new deployment of the revision that is there",
        _ => "one update brings the revision back",
    };

    private static IEnumerable<PlanLine> Commits(RollbackPlan plan)
    {
        if (plan.CommitsUnknown is { } why)
            yield return Line("commits", $"what is taken back is unknown: {why}");
        else if (plan.TakenBackCount > 0)
            yield return Line("commits", $"takes back {plan.TakenBackCount}", PlanMark.Removed);
        foreach (var commit in plan.TakenBack)
            yield return new(Column + 2, $"{Short(commit.Sha)} {InertText.Of(commit.Subject)}", PlanMark.Quiet);
        if (plan.TakenBackCount > plan.TakenBack.Count)
            yield return new(Column + 2, $"and {plan.TakenBackCount - plan.TakenBack.Count} more", PlanMark.Quiet);
        if (plan.BroughtCount > 0)
            yield return Line(plan.TakenBackCount > 0 ? "" : "commits", $"brings {plan.BroughtCount} that are not live now", PlanMark.Added);
    }

    private static string Side(RollbackSide side, DateTimeOffset now)
    {
        var commit = side.Commit is { } sha ? $"{Short(sha)}{(side.Subject is { } subject ? $" '{InertText.Of(subject)}'" : "")}" : "commit unknown";
        return $"{side.TaskDefinition.Split('/')[^1]}, {commit}{(side.At is { } at ? $", {Age(now - at)} ago" : "")}, {side.End}";
    }

    private static string Age(TimeSpan age) => age switch
    {
        { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalDays:0} days"),
        { TotalHours: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{age.TotalHours:0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, age.TotalMinutes):0} min"),
    };

    private static PlanLine Line(string subject, string text, PlanMark mark = PlanMark.Plain) => new(Column, text, mark, $"  {subject}");

    private static string Short(string sha) => sha.Length > 12 ? sha[..12] : sha;
}

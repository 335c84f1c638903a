using EcsRelease.Git;

namespace EcsRelease.Verbs;

/// <summary>What a line of a plan says; a terminal shows it by a colour.</summary>
public enum PlanMark
{
    Plain,
    Heading,
    Added,
    Changed,
    Removed,
    Write,
    Quiet,
}

/// <param name="Indent">Columns before the text; where it is broken, also before the rest of it.</param>
/// <param name="Label">What stands in these columns.</param>
public sealed record PlanLine(int Indent, string Text, PlanMark Mark = PlanMark.Plain, string Label = "")
{
    public override string ToString() => Label.PadRight(Indent) + Text;

    /// <summary>The line in lines of at most so many columns, broken between words; a longer word has one of its own.</summary>
    public IEnumerable<string> Broken(int columns)
    {
        var line = Label.PadRight(Indent);
        var isBegun = false;
        foreach (var word in Text.Split(' '))
        {
            if (isBegun && line.Length + 1 + word.Length > columns)
            {
                yield return line;
                (line, isBegun) = (new string(' ', Indent), false);
            }
            line += isBegun ? " " + word : word;
            isBegun = true;
        }
        yield return line;
    }
}

/// <summary>A plan in words: what changes, what is going to happen, which calls write.</summary>
public static class PlanText
{
    private const int Column = 14;
    private const string Absent = "(absent)";

    /// <summary>What `plan` and a dry run print, in both hosts.</summary>
    public static IReadOnlyList<PlanLine> Report(ReleasePlan plan)
    {
        var place = $"'{plan.Service}' in cluster '{plan.Cluster}' ({plan.Access.Account}/{plan.Access.Region})";
        if (!plan.Changes)
            return [new(0, $"{place}: commit {plan.Commit.Sha} {Done(plan.Definition.Options.StopAfter)}, nothing to do.", PlanMark.Heading)];
        return
        [
            new(0, $"Plan for {place}, commit {plan.Commit.Sha}:", PlanMark.Heading),
            .. Commits(plan),
            .. plan.Steps.SelectMany(Step),
            .. Calls(plan),
        ];
    }

    private static string Done(StopAfterStep stop) => stop switch
    {
        StopAfterStep.Push => "has its image",
        StopAfterStep.Register => "has its revision",
        _ => "is live",
    };

    private static IEnumerable<PlanLine> Commits(ReleasePlan plan)
    {
        if (plan.Commits is not { } commits)
            yield break;
        var live = plan.LiveCommit is { } sha ? $"the live {Short(sha)}" : "what is live";
        if (commits.Unknown is { } why)
        {
            yield return Line("commits", $"what changes since {live} is unknown: {why}");
            yield break;
        }
        if (commits is { AddedCount: 0, RemovedCount: 0 })
            yield return Line("commits", $"{Short(plan.Commit.Sha)} is live already");
        if (commits.AddedCount > 0)
            yield return Line("commits", $"{commits.AddedCount} since {live}");
        foreach (var each in commits.Added)
            yield return new(Column + 2, $"{Short(each.Sha)} {each.Subject}", PlanMark.Quiet);
        if (commits.AddedCount > commits.Added.Count)
            yield return new(Column + 2, $"and {commits.AddedCount - commits.Added.Count} more", PlanMark.Quiet);
        if (commits.RemovedCount > 0)
            yield return Line(commits.AddedCount > 0 ? "" : "commits", $"takes back {commits.RemovedCount} of {live}", PlanMark.Removed);
    }

    private static IEnumerable<PlanLine> Step(PlannedStep step) =>
        step.Details.Select(detail => step.Subject == "revision" ? Change(detail) : new PlanLine(Column + 2, detail)).Prepend(Line(step.Subject, step.Text));

    // `NAME: before → after`, as Difference writes it.
    private static PlanLine Change(string line)
    {
        var mark = line.Contains($": {Absent} → ", StringComparison.Ordinal) ? PlanMark.Added
            : line.EndsWith($" → {Absent}", StringComparison.Ordinal) ? PlanMark.Removed
            : PlanMark.Changed;
        return new(Column + 2, $"{(mark == PlanMark.Added ? '+' : mark == PlanMark.Removed ? '-' : '~')} {line}", mark);
    }

    private static IEnumerable<PlanLine> Calls(ReleasePlan plan)
    {
        var writes = plan.Calls.Where(call => call.Writes).ToList();
        if (writes.Count == 0)
            yield break;
        yield return new(2, "calls that write:");
        var width = writes.Max(call => call.Operation.Length);
        foreach (var call in writes)
            yield return new(width + 6, call.Resource, PlanMark.Write, $"    {call.Operation}");
        yield return new(2, $"calls that read: {string.Join(", ", plan.Calls.Where(call => !call.Writes).Select(call => call.Operation).Distinct())}", PlanMark.Quiet);
    }

    private static PlanLine Line(string subject, string text, PlanMark mark = PlanMark.Plain) => new(Column, text, mark, $"  {subject}");

    private static string Short(string sha) => sha.Length > 12 ? sha[..12] : sha;
}

using System.Globalization;
using EcsRelease.Deployments;

namespace EcsRelease;

/// <summary>A release that ended badly, for people, in the order they need: the cause, what it means, what to do next,
/// then what was seen. The tool, MSBuild and GitHub's step summary render this one report.</summary>
/// <param name="Cause">One sentence.</param>
public sealed record FailureReport(string Cause, IReadOnlyList<FailureFact> Facts)
{
    // The record has the whole line.
    private const int MaxLine = 1000;

    public static FailureReport Of(ReleaseRecord record)
    {
        var cause = InertText.Of(record.Message ?? "");
        List<FailureFact> facts = record.Evidence is { } seen ? [.. Explained(seen), .. Live(record), .. Seen(seen, cause)] : [.. Live(record)];
        if (record.Code is not null)
            facts.Add(new("more", $"ecs-release explain {record.Code}"));
        return new(cause, [.. facts.Select(fact => fact with { Text = InertText.Of(fact.Text), Log = [.. fact.Log.Select(Line)] })]);
    }

    /// <summary>The facts as plain lines below the cause. A line of a log never begins one: `::` at the beginning would
    /// be a workflow command of GitHub.</summary>
    public IEnumerable<string> Lines() => Facts.SelectMany(fact => fact.Log.Select(line => $"{FailureFact.Indent}  | {line}").Prepend(fact.Line));

    private static IEnumerable<FailureFact> Explained(RolloutEvidence seen)
    {
        if (seen.Means is { } means)
            yield return new("means", means);
        if (seen.Next is { } next)
            yield return new("next", next);
    }

    private static IEnumerable<FailureFact> Live(ReleaseRecord record) =>
        record.Outcome == ReleaseOutcome.RolledBack && record.Previous?.Commit is { } commit
            ? [new("live", $"{(commit.Length > 12 ? commit[..12] : commit)} again")]
            : [];

    private static IEnumerable<FailureFact> Seen(RolloutEvidence seen, string cause)
    {
        if (seen.StatusReason is { } status && !cause.Contains(status.TrimEnd('.'), StringComparison.Ordinal))
            yield return new("status", status);
        if (seen.Breaker is { } breaker && (breaker.Status == "TRIGGERED" || breaker.FailureCount > 0))
            yield return new("breaker", $"{breaker.Status}: {breaker.FailureCount} of {breaker.Threshold} failures");
        foreach (var alarm in seen.Alarms)
            yield return new("alarm", Joined($"'{alarm.Name}'", alarm.State, alarm.Reason));
        foreach (var hook in seen.Hooks)
            yield return new("hook", Joined(hook.Target ?? hook.Id, hook.Status, hook.ExpiresAt is { } end ? $"expires {end:u}, then {hook.TimeoutAction}" : null));
        foreach (var task in seen.Tasks)
        {
            yield return new("task", Joined($"{task.Id}{(task.Count > 1 ? $" and {task.Count - 1} more" : "")}", task.StopCode, task.Reason));
            foreach (var container in task.Containers)
                yield return Of(container);
        }
        foreach (var trouble in seen.Troubles)
            yield return new("event", $"{(trouble.Count > 1 ? $"{trouble.Count} times: " : "")}{trouble.Message}");
        if (seen.Events.Count(ServiceEvents.IsRoutine) is > 0 and var routine)
            yield return new("routine", $"{(routine > 1 ? $"{routine} events, the last: " : "")}{seen.Events.Last(ServiceEvents.IsRoutine)}");
        foreach (var target in seen.Targets)
            yield return new("target", Joined(string.Join(", ", target.Targets), Joined(target.State, target.Reason, target.Description), target.TargetGroup));
        foreach (var note in seen.Notes)
            yield return new("unread", note);
    }

    private static FailureFact Of(ContainerEvidence container)
    {
        var end = container.ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $"exited with {code}") : "never ran";
        return new("", Joined($"container '{container.Name}' {end}", container.Reason)) { Log = container.Log };
    }

    private static string Joined(params IEnumerable<string?> parts) => string.Join(": ", parts.Where(part => !string.IsNullOrEmpty(part)));

    private static string Line(string line) => InertText.Of(line.Length > MaxLine ? line[..MaxLine] + "…" : line);
}

/// <summary>One thing to know of a failure.</summary>
/// <param name="Name">`means`, `next`, `task` …; empty for more of the one before.</param>
public sealed record FailureFact(string Name, string Text)
{
    /// <summary>As wide as the names' column.</summary>
    public const string Indent = "            ";

    /// <summary>Lines of a log, oldest first.</summary>
    public IReadOnlyList<string> Log { get; init; } = [];

    public string Line => $"  {Name,-9} {Text}";
}

using System.Globalization;
using Spectre.Console;

namespace EcsRelease.Tool.Rendering;

/// <summary>How a release ended, for people: what is live now, or why it is not and what to do.</summary>
internal static class ReportView
{
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Bad = new(Color.Red);

    public static void Print(ReleaseRecord record, IAnsiConsole results, IAnsiConsole failures)
    {
        if (record.Outcome.ExitCode() == 0)
            PrintSuccess(record, results);
        else
            PrintFailure(record, failures);
    }

    private static void PrintSuccess(ReleaseRecord record, IAnsiConsole console)
    {
        Line(console, Headline(record), Good);
        Fact(console, "image", record.Image);
        Fact(console, "digest", record.Digest);
        Fact(console, "revision", record.TaskDefinition);
        if (record.Outcome != ReleaseOutcome.Unchanged)
            Fact(console, "before", Before(record.Previous));
        Fact(console, "pushed", Pushed(record.Push));
        foreach (var endpoint in record.Endpoints)
            Fact(console, "address", endpoint);
        if (record.Message is { Length: > 0 } remark)
            Fact(console, "note", remark);
    }

    private static string Headline(ReleaseRecord record)
    {
        var what = $"{Short(record.Commit)} in service '{record.Service}' of cluster '{record.Cluster}' ({record.Account}/{record.Region})";
        var total = record.Seconds.TryGetValue("total", out var seconds) ? string.Create(CultureInfo.InvariantCulture, $", {seconds:0.0} s") : "";
        return record.Outcome switch
        {
            ReleaseOutcome.Unchanged => $"Unchanged: {what}{total}",
            ReleaseOutcome.Started => $"Started: {what}; not waited for{total}",
            ReleaseOutcome.HandedOn => $"Handed on: {what}{total}",
            _ => $"Released: {what}{total}",
        };
    }

    private static void PrintFailure(ReleaseRecord record, IAnsiConsole console)
    {
        Line(console, $"{record.Code}: {record.Message}", Bad);
        if (record.Unsaid is { } evidence)
            Print(evidence, console);
        if (record.Previous?.Commit is { } previous && record.Outcome is ReleaseOutcome.RolledBack)
            Fact(console, "live", Short(previous));
        if (record.Unsaid?.Next is { } next)
            Fact(console, "next", next);
        if (record.Code is not null)
            Fact(console, "more", $"ecs-release explain {record.Code}");
    }

    private static void Print(RolloutEvidence evidence, IAnsiConsole console)
    {
        Fact(console, "status", evidence.StatusReason);
        if (evidence.Breaker is { } breaker)
            Fact(console, "breaker", $"{breaker.Status}: {breaker.FailureCount} of {breaker.Threshold} failures");
        foreach (var task in evidence.Tasks)
        {
            Fact(console, "task", $"{task.Id}{(task.Count > 1 ? $" and {task.Count - 1} more" : "")}: {string.Join(": ", new[] { task.StopCode, task.Reason }.OfType<string>())}");
            foreach (var container in task.Containers)
                Print(container, console);
        }
    }

    private static void Print(ContainerEvidence container, IAnsiConsole console)
    {
        var exit = container.ExitCode is { } code ? string.Create(CultureInfo.InvariantCulture, $" exited with {code}") : " never ran";
        Fact(console, "", $"container '{container.Name}'{exit}{(container.Reason is { } reason ? $": {reason}" : "")}");
        foreach (var line in container.Log)
            Line(console, $"              | {line}", Style.Plain);
    }

    private static string? Before(PreviousRelease? previous) =>
        previous is null ? null : string.Join(", ", new[] { previous.Commit is { } commit ? Short(commit) : null, previous.TaskDefinition }.OfType<string>());

    private static string? Pushed(PushFigures? push) =>
        push is null or { Builder: "none" } ? null : $"{push.Blobs} blobs, {ByteText.Of(push.Bytes)}, {push.Requests} requests";

    private static string Short(string? commit) => commit is null ? "?" : commit.Length > 12 ? commit[..12] : commit;

    private static void Fact(IAnsiConsole console, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
            Line(console, $"  {name,-9} {value}", Style.Plain);
    }

    private static void Line(IAnsiConsole console, string text, Style style) => console.Write(new Text(text + "\n", style));
}

using System.Globalization;
using Spectre.Console;

namespace EcsRelease.Tool.Rendering;

/// <summary>How a release ended, for people: what is live now, or why it is not and what to do.</summary>
internal static class ReportView
{
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Bad = new(Color.Red);

    /// <param name="isRollback">The verb was to go back: a success is no release.</param>
    public static void Print(ReleaseRecord record, IAnsiConsole results, IAnsiConsole failures, bool isRollback = false)
    {
        if (record.Outcome.ExitCode() == 0)
            PrintSuccess(record, results, isRollback);
        else
            PrintFailure(record, failures);
    }

    private static void PrintSuccess(ReleaseRecord record, IAnsiConsole console, bool isRollback)
    {
        Line(console, Headline(record, isRollback), Good);
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

    private static string Headline(ReleaseRecord record, bool isRollback)
    {
        var where = $"in service '{record.Service}' of cluster '{record.Cluster}' ({record.Account}/{record.Region})";
        var what = $"{Short(record.Commit)} {where}";
        var total = record.Seconds.TryGetValue("total", out var seconds) ? string.Create(CultureInfo.InvariantCulture, $", {seconds:0.0} s") : "";
        return record.Outcome switch
        {
            ReleaseOutcome.Unchanged => $"Unchanged: {what}{total}",
            ReleaseOutcome.Started when isRollback => $"Rollback started {where}; not waited for{total}",
            ReleaseOutcome.Started => $"Started: {what}; not waited for{total}",
            ReleaseOutcome.HandedOn => $"Handed on: {what}{total}",
            _ => $"{(isRollback ? "Rolled back to" : "Released:")} {what}{total}",
        };
    }

    private static void PrintFailure(ReleaseRecord record, IAnsiConsole console)
    {
        var report = FailureReport.Of(record);
        Line(console, $"{record.Code}: {report.Cause}", Bad);
        foreach (var fact in report.Facts)
        {
            // What is there to be pasted must not be broken: the terminal itself folds it.
            if (fact.Name is "next" or "more")
                console.Profile.Out.Writer.WriteLine(fact.Line);
            else
                foreach (var line in Folded(fact.Line, console.Profile.Width))
                    Line(console, line, Style.Plain);
            foreach (var line in fact.Log)
                Line(console, $"{FailureFact.Indent}  | {line}", Style.Plain);
        }
    }

    /// <summary>A line in lines of the terminal's width, each below the text of the first.</summary>
    private static IEnumerable<string> Folded(string line, int width)
    {
        var room = Math.Max(width - 1, FailureFact.Indent.Length + 20);
        while (line.Length > room)
        {
            var space = line.LastIndexOf(' ', room, room - FailureFact.Indent.Length);
            var end = space < 0 ? room : space;
            yield return line[..end];
            line = FailureFact.Indent + line[end..].TrimStart();
        }
        yield return line;
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

using System.Globalization;

namespace EcsRelease;

/// <summary>The step summary and the step's outputs, where GitHub Actions asks for them
/// (docs.github.com: workflow commands, GITHUB_STEP_SUMMARY and GITHUB_OUTPUT).</summary>
internal static class GitHubActions
{
    public static void WriteSummary(ReleaseRecord record, string service) => Append("GITHUB_STEP_SUMMARY", Summary(record, service));

    public static void WriteSummary(IReadOnlyList<ReleaseRecord> records) => Append("GITHUB_STEP_SUMMARY", Summary(records));

    /// <summary>A table of all, and below it why some failed.</summary>
    internal static string Summary(IReadOnlyList<ReleaseRecord> records)
    {
        var rows = records.Select(record => new[] { record.Service, record.Outcome.Word(), record.TaskDefinition?.Split('/')[^1], record.Commit?[..Math.Min(12, record.Commit.Length)], record.Region, record.Code });
        var table = rows.Select(cells => $"| {string.Join(" | ", cells.Select(cell => MarkdownText.Of(cell ?? "")))} |\n");
        var failed = records.Where(record => record.Outcome.ExitCode() != 0).Select(record => Summary(record, record.Service ?? ""));
        return $"### {records.Count} services: {Outputs(records).First().Value}\n\n| service | outcome | revision | commit | region | code |\n|---|---|---|---|---|---|\n{string.Concat(table)}\n{string.Concat(failed)}";
    }

    public static void WriteOutputs(IReadOnlyList<ReleaseRecord> records) =>
        Append("GITHUB_OUTPUT", string.Concat((records is [var only] ? Outputs(only) : Outputs(records)).Select(output => $"{output.Name}={output.Value}\n")));

    // An output has one value: what is of one service only would be the last one's, and hide how the others ended.
    internal static IEnumerable<NameValue> Outputs(IReadOnlyList<ReleaseRecord> records)
    {
        var ends = ReleaseReport.Deciding(records).Select(record => record.Outcome).Distinct().ToList();
        var common = ends is [var one] ? one : ends.All(end => end.ExitCode() == 0) ? ReleaseOutcome.Succeeded : ReleaseOutcome.Partial;
        return [new("outcome", common.Word())];
    }

    private static IEnumerable<NameValue> Outputs(ReleaseRecord record)
    {
        (string, string?)[] all =
        [
            ("outcome", record.Outcome.Word()), ("code", record.Code), ("commit", record.Commit), ("image", record.Image),
            ("digest", record.Digest), ("task-definition", record.TaskDefinition), ("service", record.Service),
        ];
        // A line break would begin an output of its own.
        return all.Select(output => new NameValue(output.Item1, (output.Item2 ?? "").ReplaceLineEndings(" ")));
    }

    // Names and texts come from AWS, from the project and from a container's log, so all of them are escaped.
    internal static string Summary(ReleaseRecord record, string service)
    {
        List<string> parts = [$"### {MarkdownText.Of(service)}: {record.Outcome.Word()}"];
        var report = record.Code is not null && record.Outcome.ExitCode() != 0 ? FailureReport.Of(record) : null;
        if (report is not null)
            parts.AddRange([$"**{record.Code}**: {MarkdownText.Of(report.Cause)}", .. report.Facts.Where(IsAdvice).Select(Fact)]);
        else if (record.Message is { } message)
            parts.Add(MarkdownText.Of(message));
        parts.Add(Table(record));
        if (report?.Facts.Where(fact => !IsAdvice(fact)).SelectMany(Parts).ToList() is { Count: > 0 } seen)
            parts.AddRange(["<details><summary>What was seen</summary>", .. seen, "</details>"]);
        return string.Join("\n\n", parts) + "\n\n";
    }

    private static bool IsAdvice(FailureFact fact) => fact.Name is "means" or "next";

    private static IEnumerable<string> Parts(FailureFact fact)
    {
        yield return Fact(fact);
        if (fact.Log.Count > 0)
            yield return MarkdownText.Code(fact.Log);
    }

    private static string Fact(FailureFact fact) => fact.Name switch
    {
        "means" => $"**What it means**: {MarkdownText.Of(fact.Text)}",
        "next" => $"**What to do next**: {MarkdownText.Of(fact.Text)}",
        "" => MarkdownText.Of(fact.Text),
        _ => $"**{fact.Name}** {MarkdownText.Of(fact.Text)}",
    };

    private static string Table(ReleaseRecord record)
    {
        string?[] cells = [record.Commit, record.Image, record.TaskDefinition, $"{record.Cluster} ({record.Target})",
            record.Seconds.GetValueOrDefault("total").ToString("0.0", CultureInfo.InvariantCulture)];
        return $"| commit | image | revision | cluster | seconds |\n|---|---|---|---|---|\n| {string.Join(" | ", cells.Select(cell => MarkdownText.Of(cell ?? "")))} |";
    }

    private static void Append(string variable, string text)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } file)
            File.AppendAllText(file, text);
    }
}

using System.Text.Json;
using EcsRelease.Tool.Rendering;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>The ends of several services' deployments: one table, one document, one exit code.</summary>
internal sealed class ReleasedMany(IReadOnlyList<ReleaseRecord> records) : IVerbResult
{
    /// <summary>That of all, when they ended with the same; else that of `partial`.</summary>
    public int ExitCode => ReleaseReport.Deciding(records).Select(record => record.Outcome.ExitCode()).Distinct().ToList() is [var common] ? common : ReleaseOutcome.Partial.ExitCode();

    public Exception? Fault => records.Select(record => record.Fault).FirstOrDefault(fault => fault is not null);

    public string ToJson() => JsonSerializer.Serialize(new { Schema = 1, Releases = records }, ReleaseRecord.Json);

    public void Print(IAnsiConsole results, IAnsiConsole failures)
    {
        var width = records.Max(record => record.Service?.Length ?? 0);
        var areas = records.Select(record => record.Region).OfType<string>().Distinct().Count();
        foreach (var record in records)
            results.WriteLine($"{(record.Service ?? "").PadRight(width)}  {(areas > 1 ? $"{record.Region,-14}  " : "")}{record.Outcome.Word(),-14}  {Revision(record),-20}  {record.Code}".TrimEnd());
        foreach (var record in records.Where(record => record.Outcome.ExitCode() != 0))
        {
            failures.WriteLine("");
            ReportView.Print(record, results, failures);
        }
    }

    private static string Revision(ReleaseRecord record) =>
        string.Join(' ', new[] { record.TaskDefinition?.Split('/')[^1], record.Commit is { Length: > 7 } commit ? commit[..7] : record.Commit }.OfType<string>());
}

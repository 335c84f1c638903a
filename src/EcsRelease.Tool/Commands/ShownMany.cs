using System.Text.Json;
using EcsRelease.Tool.Rendering;
using EcsRelease.Verbs;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>Statuses of several services: one table, one document, one exit code.</summary>
internal sealed class ShownMany(IReadOnlyList<ServiceStatus> statuses, DateTimeOffset now) : IVerbResult
{
    /// <summary>0 when all have a status; that of the error, when all have the same; else that of `partial`.</summary>
    public int ExitCode => statuses.Select(each => each.Error?.Outcome.ExitCode() ?? 0).Distinct().ToList() is [var common] ? common : ReleaseOutcome.Partial.ExitCode();

    public Exception? Fault => statuses.Select(each => each.Error).FirstOrDefault(error => error?.Outcome == ReleaseOutcome.Unexpected)?.InnerException;

    /// <summary>The wrapper, as an object for any form of JSON.</summary>
    public static object Document(IReadOnlyList<ServiceStatus> statuses) => new { Schema = 1, Services = statuses };

    public string ToJson() => JsonSerializer.Serialize(Document(statuses), ReleaseRecord.Json);

    public void Print(IAnsiConsole results, IAnsiConsole failures)
    {
        foreach (var line in StatusView.Table(statuses, now, results.Profile.Width))
            results.WriteLine(line);
        foreach (var status in statuses.Where(each => each.Code is not null))
            failures.WriteLine($"{status.Code}: {InertText.Of(status.Message ?? "")}");
    }
}

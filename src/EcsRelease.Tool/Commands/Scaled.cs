using System.Globalization;
using EcsRelease.Tool.Rendering;
using EcsRelease.Verbs;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>A change of the count as it is printed.</summary>
internal sealed class Scaled(ScaleRecord record) : IVerbResult
{
    public int ExitCode => record.Outcome.ExitCode();

    public string ToJson() => record.ToJson();

    public void Print(IAnsiConsole results, IAnsiConsole failures)
    {
        if (record.Code is not null)
            ReportView.Print(AsRelease(), results, failures);
        else
            results.WriteLine($"Service '{record.Service}' of cluster '{record.Cluster}' ({record.Account}/{record.Region}): {Text}");
    }

    private string Text => record.Outcome switch
    {
        ReleaseOutcome.Unchanged => $"has {record.After.Desired} tasks already, {record.After.Running} run",
        ReleaseOutcome.Started => $"set from {record.Before.Desired} to {record.After.Desired} tasks; not waited for",
        _ => string.Create(CultureInfo.InvariantCulture, $"{record.Before.Desired} -> {record.After.Desired} tasks, {record.After.Running} run, {record.Seconds:0.0} s"),
    };

    // The report of a failure is one for all verbs.
    private ReleaseRecord AsRelease() => new()
    {
        Version = record.Version,
        StartedAt = record.StartedAt,
        Outcome = record.Outcome,
        Code = record.Code,
        Message = record.Message,
        Target = record.Target,
        Service = record.Service,
        Evidence = record.Evidence,
    };
}

using System.Text.Json;
using EcsRelease.Verification;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>What verify found: a line for each thing, under its group; for machines with `schema` (additions only).</summary>
internal sealed class Verified(VerificationReport report) : IVerbResult
{
    public int ExitCode => report.Ending.ExitCode();

    public string ToJson() => JsonSerializer.Serialize(report, ReleaseRecord.Json);

    public void Print(IAnsiConsole results, IAnsiConsole failures)
    {
        Line(results, $"What a release of '{report.Service}' to cluster '{report.Cluster}' ({report.Account}/{report.Region}) needs{(report.Commit is null ? "" : $", commit {report.Commit}")}:", Style.Plain);
        foreach (var group in report.Checks.GroupBy(line => line.Group))
        {
            Line(results, $"  {Title(group.Key)}", Style.Plain);
            foreach (var line in group)
            {
                Line(results, $"    {Word(line.State),-15} {line.Check}: {line.Message}", StyleOf(line.State));
                if (line.Next is { } next)
                    Line(results, $"    {"",-15} → {next}", Style.Plain);
            }
        }
        Line(results, $"{report.Ok} ok, {report.Failed} failed, {report.CouldNotCheck} could not be checked{(report.Strict && report.CouldNotCheck > 0 ? ", which --strict counts as failed" : "")}", Style.Plain);
        foreach (var warning in report.Warnings)
            failures.WriteLine($"warning {warning.Code}: {warning.Message}");
    }

    private static string Word(CheckState state) => state switch
    {
        CheckState.Ok => "ok",
        CheckState.Failed => "FAILED",
        _ => "could not check",
    };

    private static Style StyleOf(CheckState state) => state switch
    {
        CheckState.Ok => Style.Plain,
        CheckState.Failed => new Style(Color.Red),
        _ => new Style(Color.Yellow),
    };

    private static string Title(string group) => group == "taskDefinition" ? "task definition" : group;

    private static void Line(IAnsiConsole console, string text, Style style) => console.Write(new Text(text + "\n", style));
}

using System.Globalization;
using EcsRelease.Pruning;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>What prune would do or did: a line for each revision and image, then the sum.</summary>
/// <param name="acted">Not a dry run.</param>
internal sealed class Pruned(PruneReport report, bool acted) : IVerbResult
{
    public int ExitCode => report.Outcome.ExitCode();

    public string ToJson() => report.ToJson();

    public void Print(IAnsiConsole results, IAnsiConsole failures)
    {
        results.WriteLine($"Family '{report.Family}' ({report.Account}/{report.Region}), keeping the newest {report.Keep} and what is younger than {report.KeepDays} days");
        var names = report.Revisions.Select(revision => Name(revision.TaskDefinition)).ToList();
        var width = names.Select(name => name.Length).DefaultIfEmpty(0).Max();
        foreach (var (revision, name) in report.Revisions.Zip(names))
            Line(name.PadRight(width), Short(revision.Commit), revision.RegisteredAt, revision.Action, revision.Reasons, revision.Result, revision.Error);
        if (report.Repository is not null)
        {
            results.WriteLine("");
            results.WriteLine($"Repository '{report.Repository}', images that pruned revisions named");
            foreach (var image in report.Images)
                Line(image.Digest[..Math.Min(19, image.Digest.Length)], image.Tags.Count == 0 ? "(no tag)" : Short(image.Tags[0]) + (image.Tags.Count > 1 ? $" +{image.Tags.Count - 1}" : ""),
                    image.PushedAt, image.Action, image.Reasons, image.Result, image.Error);
        }
        results.WriteLine("");
        results.WriteLine(report.Outcome == ReleaseOutcome.Unchanged ? "Nothing to prune." : acted ? $"{report.Totals.Done} changes made: {report.Message}" : $"{report.Message}. Nothing was changed: --yes does it.");
        if (report.Code is not null)
            failures.WriteLine($"{report.Code}: {report.Message}");

        void Line(string name, string what, DateTimeOffset? at, string action, IReadOnlyList<string> reasons, string? result, string? error) =>
            results.WriteLine(InertText.Of(
                $"  {name}  {what,-12}  {Age(at),5}  {(action == "none" ? "gone" : action),-10}  {(result is null or "done" ? "" : $"{result.ToUpperInvariant()}: {error ?? "not come to"}; ")}{Text(reasons)}"));
    }

    private static string Text(IReadOnlyList<string> reasons) =>
        reasons.Count == 0 ? "" : reasons[0] + (reasons.Count > 1 ? $" (+{reasons.Count - 1})" : "");

    private string Age(DateTimeOffset? at) => at is { } then ? string.Create(CultureInfo.InvariantCulture, $"{(int)(report.StartedAt - then).TotalDays} d") : "?";

    private static string Short(string? commit) => commit is null ? "-" : commit.Length > 12 ? commit[..12] : commit;

    private static string Name(string arn) => arn.Split('/')[^1];
}

using System.Text.Json;
using EcsRelease.History;
using EcsRelease.Tool.Rendering;
using EcsRelease.Verbs;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>A history as it is printed.</summary>
internal sealed class Told(HistoryDocument history) : IVerbResult
{
    // What goes first where the terminal is narrow has the highest number.
    private static readonly TextTableColumn[] Columns =
    [
        new(""), new("REVISION"), new("COMMIT"), new("SUBJECT", 1, IsCut: true), new("BRANCH", 3), new("ACTOR", 5), new("DIGEST", 6),
        new("AGE"), new("TIME", 4), new("ENDED"), new("LIVE FOR", 2), new("MADE"),
    ];

    public int ExitCode => 0;

    public string ToJson() => JsonSerializer.Serialize(history, ReleaseRecord.Json);

    public void Print(IAnsiConsole results, IAnsiConsole failures)
    {
        results.WriteLine($"Releases of '{history.Service}' in cluster '{history.Cluster}' ({history.Account}/{history.Region}), newest first");
        foreach (var line in history.Releases.Count == 0 ? [] : TextTable.Lines(results.Profile.Width, Columns, [.. history.Releases.Select(Row)]))
            results.WriteLine(line);
        foreach (var note in Notes())
            results.WriteLine(note);
        foreach (var warning in history.Warnings)
            failures.WriteLine($"warning {warning.Code}: {InertText.Of(warning.Message)}");
    }

    private string[] Row(PastRelease release) =>
    [
        release.IsLive ? "*" : "",
        release.TaskDefinition.Split('/')[^1],
        Short(release.Commit, 7),
        release.Subject ?? "",
        release.Branch ?? "",
        release.Actor?.Split('/')[^1] ?? "",
        Short(release.Digest?.Split(':')[^1], 12),
        release.At is { } at ? AgeText.Of(history.ReadAt - at) : "",
        release.At is { } time ? AgeText.Time(time) : "",
        Ended(release),
        release.LiveFor is { } length ? AgeText.Of(length) : "",
        release.IsReleased == false ? "by hand" : "",
    ];

    private static string Ended(PastRelease release)
    {
        var words = release.End switch
        {
            PastEnd.InProgress => "in progress",
            PastEnd.RolledBack => "rolled back",
            _ => release.End.Word(),
        };
        return release.RevisionStatus == "ACTIVE" ? words : $"{words} ({release.RevisionStatus.ToLowerInvariant()})";
    }

    private IEnumerable<string> Notes()
    {
        var isShown = history.Releases.Any(each => each.IsLive);
        if (isShown)
            yield return "* is live.";
        else if (history.LiveTaskDefinition is { } live)
            yield return $"Live is {live.Split('/')[^1]}, which is not among these.";
        else
            yield return "Nothing is live: no rollout of this service has ended well.";
        if (history.HasMore)
            yield return "There are older ones: --all, or a higher --limit.";
        var alone = history.Releases.Count(each => each.ServiceDeployment is null);
        if (alone > 0 && history.DeploymentsSince is { } since)
            yield return $"ECS keeps the deployments of this service since {AgeText.Time(since)} (at most 90 days): {alone} older revision(s) are told by their tags alone, and how they ended is unknown.";
    }

    private static string Short(string? text, int length) => text is null ? "" : text.Length > length ? text[..length] : text;
}

using System.Globalization;
using EcsRelease.Verbs;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>A one-off task as its verb ends with it: the container's own exit code where it has one. Standard output
/// belongs to what the container logged.</summary>
internal sealed class RunEnded(RunRecord record) : IVerbResult
{
    // 126: not executable, 127: not found, 128 + N: a signal.
    private const int FirstOfSystem = 126;

    public int ExitCode => record switch
    {
        { Code: not null } => RunCommand.OwnFailure,
        { ExitCode: { } code } => code,
        _ => record.Outcome.ExitCode(),
    };

    public string ToJson() => record.ToJson();

    public void Print(IAnsiConsole results, IAnsiConsole failures)
    {
        if (record.Outcome == ReleaseOutcome.Started)
        {
            results.Profile.Out.Writer.WriteLine(record.Task);
            return;
        }
        var after = string.Create(CultureInfo.InvariantCulture, $"after {record.Seconds:0.0} s");
        var id = record.Task?.Split('/')[^1];
        if (record.Code is { } own)
            failures.WriteLine($"{own}: {InertText.Of(record.Message ?? "")}");
        else
            failures.WriteLine($"exited with {record.ExitCode} {after} (task {id})");
        // What a command means by a code of its own it says itself; the others come from the system.
        if (record.Evidence is not { } seen || record is { Code: null, ExitCode: < FirstOfSystem })
            return;
        // What the container logged was shown as it came.
        if (record.Code is null && seen.Cause is { } cause)
            failures.WriteLine($"  {"cause",-9} {InertText.Of(cause)}");
        if (seen.Means is { } means)
            failures.WriteLine($"  {"means",-9} {InertText.Of(means)}");
        if (seen.Next is { } next)
            failures.Profile.Out.Writer.WriteLine($"  {"next",-9} {InertText.Of(next)}");
        foreach (var task in seen.Tasks)
            failures.WriteLine($"  {"task",-9} {InertText.Of(string.Join(": ", new[] { task.Id, task.StopCode, task.Reason }.OfType<string>()))}");
    }
}

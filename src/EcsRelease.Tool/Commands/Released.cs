using EcsRelease.Tool.Rendering;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>A release, as deploy and wait end with it, or the way back.</summary>
internal sealed class Released(ReleaseRecord record, bool isRollback = false) : IVerbResult
{
    public int ExitCode => record.Outcome.ExitCode();

    public Exception? Fault => record.Fault;

    public string ToJson() => record.ToJson();

    public void Print(IAnsiConsole results, IAnsiConsole failures) => ReportView.Print(record, results, failures, isRollback);
}

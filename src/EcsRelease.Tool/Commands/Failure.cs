using EcsRelease.Tool.Rendering;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>A verb that ended before it had a record of its own.</summary>
internal sealed class Failure(EcsReleaseException error) : IVerbResult
{
    private readonly ReleaseRecord record = new()
    {
        Version = ToolVersion.Text,
        StartedAt = TimeProvider.System.GetUtcNow(),
        Outcome = error.Outcome,
        Code = error.Code,
        Message = error.Message,
        Target = "",
        Evidence = error.Evidence,
    };

    public int ExitCode => record.Outcome.ExitCode();

    public string ToJson() => record.ToJson();

    public void Print(IAnsiConsole results, IAnsiConsole failures) => ReportView.Print(record, results, failures);
}

/// <summary>A release, as deploy and wait end with it.</summary>
internal sealed class Released(ReleaseRecord record) : IVerbResult
{
    public int ExitCode => record.Outcome.ExitCode();

    public string ToJson() => record.ToJson();

    public void Print(IAnsiConsole results, IAnsiConsole failures) => ReportView.Print(record, results, failures);
}

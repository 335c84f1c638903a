using EcsRelease.Aws;
using EcsRelease.Tool.Rendering;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>A verb that ended before it had a record of its own.</summary>
internal sealed class Failure(EcsReleaseException error, (ReleaseOptions Options, string Service)? meant) : IVerbResult
{
    public ReleaseRecord Record { get; } = new()
    {
        Version = EngineVersion.Current,
        StartedAt = TimeProvider.System.GetUtcNow(),
        Outcome = error.Outcome,
        Code = error.Code,
        Message = error.Message,
        Target = meant is { } target ? target.Options.Target.Word() : "",
        Cluster = meant?.Options.Cluster,
        Service = meant?.Service,
        Evidence = error.Evidence,
    };

    public int ExitCode => Record.Outcome.ExitCode();

    public Exception? Fault => error.Outcome == ReleaseOutcome.Unexpected ? error.InnerException : null;

    public string ToJson() => Record.ToJson();

    public void Print(IAnsiConsole results, IAnsiConsole failures) => ReportView.Print(Record, results, failures);
}

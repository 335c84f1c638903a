using System.Text.Json;
using EcsRelease.Tool.Rendering;
using EcsRelease.Verbs;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>A status as it is printed.</summary>
internal sealed class Shown(ServiceStatus status, DateTimeOffset now) : IVerbResult
{
    public int ExitCode => 0;

    public string ToJson() => JsonSerializer.Serialize(status, ReleaseRecord.Json);

    public void Print(IAnsiConsole results, IAnsiConsole failures)
    {
        foreach (var line in StatusView.Of(status, now))
            results.WriteLine(line);
    }
}

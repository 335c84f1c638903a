using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace EcsRelease.Tool.Commands;

/// <summary>The end of a watch: all was shown already, but for what ended it.</summary>
internal sealed class Watched(IVerbResult? failure) : IVerbResult
{
    private static readonly JsonSerializerOptions _oneLine = new(ReleaseRecord.Json) { WriteIndented = false };

    public int ExitCode => failure?.ExitCode ?? 0;

    public Exception? Fault => failure?.Fault;

    public string ToJson() => failure is null ? "" : JsonNode.Parse(failure.ToJson())!.ToJsonString(_oneLine);

    public void Print(IAnsiConsole results, IAnsiConsole failures) => failure?.Print(results, failures);
}

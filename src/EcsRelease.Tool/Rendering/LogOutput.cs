using System.Globalization;
using System.Text.Json;
using EcsRelease.ServiceLogs;
using Spectre.Console;

namespace EcsRelease.Tool.Rendering;

/// <summary>Lines of many containers on one output: which task and container each is of, then its text; or an object of
/// JSON each.</summary>
internal sealed class LogOutput(TextWriter writer, bool isJson, bool hasTimes)
{
    private const int ShortId = 8;

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] _colours = ["\e[36m", "\e[33m", "\e[32m", "\e[35m", "\e[34m", "\e[96m", "\e[93m", "\e[92m"];

    private readonly LineOutput output = new(writer);
    private readonly bool isColoured = Consoles.Create(writer).Profile.Capabilities is { Ansi: true, ColorSystem: not ColorSystem.NoColors };
    private readonly Dictionary<string, string> colours = new(StringComparer.Ordinal);

    public void Write(LogLine line)
    {
        if (isJson)
        {
            output.WriteRaw(JsonSerializer.Serialize(new { time = line.At.UtcDateTime, task = line.Task, container = line.Container, taskDefinition = line.TaskDefinition, message = line.Message }, _json));
            return;
        }
        var time = hasTimes ? line.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z' ", CultureInfo.InvariantCulture) : "";
        var prefix = $"{time}{line.Task[..Math.Min(ShortId, line.Task.Length)]}/{line.Container} | ";
        foreach (var text in line.Lines)
            output.Write(isColoured ? ColourOf(line.Task) + prefix + "\e[0m" : prefix, text);
    }

    private string ColourOf(string task)
    {
        if (!colours.TryGetValue(task, out var colour))
            colours[task] = colour = _colours[colours.Count % _colours.Length];
        return colour;
    }
}

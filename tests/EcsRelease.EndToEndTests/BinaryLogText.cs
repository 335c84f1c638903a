using System.Text;
using Microsoft.Build.Logging.StructuredLogger;

namespace EcsRelease.EndToEndTests;

/// <summary>Every text of a binary log: names, values, messages, metadata, embedded project files.</summary>
internal static class BinaryLogText
{
    public static string Read(string file)
    {
        var text = new StringBuilder();
        foreach (var record in new BinLogReader().ReadRecords(file))
            if (record.Args is not null)
                text.AppendLine(record.Args.Message);
        var build = BinaryLog.ReadBuild(file);
        foreach (var line in build.StringTable.Instances)
            text.AppendLine(line);
        foreach (var source in build.SourceFiles ?? [])
            text.AppendLine(source.Text);
        return text.ToString();
    }
}

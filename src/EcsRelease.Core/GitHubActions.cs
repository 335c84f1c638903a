namespace EcsRelease;

/// <summary>The step summary and the step's outputs, where GitHub Actions asks for them
/// (docs.github.com: workflow commands, GITHUB_STEP_SUMMARY and GITHUB_OUTPUT).</summary>
internal static class GitHubActions
{
    public static void Write(ReleaseRecord record, string service)
    {
        Append("GITHUB_STEP_SUMMARY", Summary(record, service));
        Append("GITHUB_OUTPUT", string.Concat(Outputs(record).Select(output => $"{output.Name}={output.Value}\n")));
    }

    private static IEnumerable<NameValue> Outputs(ReleaseRecord record)
    {
        (string, string?)[] all =
        [
            ("outcome", record.Outcome.Word()), ("code", record.Code), ("commit", record.Commit), ("image", record.Image),
            ("digest", record.Digest), ("task-definition", record.TaskDefinition), ("service", record.Service),
        ];
        // A line break would begin an output of its own.
        return all.Select(output => new NameValue(output.Item1, (output.Item2 ?? "").ReplaceLineEndings(" ")));
    }

    private static string Summary(ReleaseRecord record, string service) => $"""
        ### {service}: {record.Outcome.Word()}

        | commit | image | revision | cluster | seconds |
        |---|---|---|---|---|
        | {record.Commit} | {record.Image} | {record.TaskDefinition} | {record.Cluster} ({record.Target}) | {record.Seconds.GetValueOrDefault("total"):0.0} |
        {(record.Message is { } message ? $"\n{(record.Code is { } code ? $"{code}: " : "")}{message.ReplaceLineEndings(" ")}" : "")}

        """.ReplaceLineEndings("\n");

    private static void Append(string variable, string text)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } file)
            File.AppendAllText(file, text);
    }
}

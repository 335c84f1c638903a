namespace EcsRelease.Deployments;

/// <summary>The tasks' side of a failure in one sentence, for the error's message.</summary>
internal static class FailureCause
{
    // The evidence has the whole line.
    private const int MaxLine = 300;

    /// <summary>What ECS says, then what the newest failed task says.</summary>
    public static string Of(string cause, RolloutEvidence evidence)
    {
        var text = cause.TrimEnd('.', ' ');
        if (evidence.Tasks.Count > 0)
            text += $". {Task(evidence.Tasks[0])}";
        return evidence.Next is { } next ? $"{text.TrimEnd('.')}. {next}" : $"{text.TrimEnd('.')}.";
    }

    private static string Task(TaskEvidence task)
    {
        var times = task.Count > 1 ? $" ({task.Count} tasks)" : "";
        var dead = task.Containers.FirstOrDefault(each => each.ExitCode is not null && each.Log.Count > 0)
            ?? task.Containers.FirstOrDefault(each => each.ExitCode is not null || each.Reason is not null);
        if (dead is null)
            return $"Task {task.Id} stopped{times}: {task.Reason}";
        var how = dead.ExitCode is { } code ? $"exited with code {code}" : "did not start";
        var why = dead.Reason ?? (dead.ExitCode is null ? task.Reason : null);
        var line = CrashLine(dead.Log);
        return $"Container '{dead.Name}' {how}{times}"
            + (why is null ? "" : $": {why}")
            + (line is null ? "" : $", its log says: {(line.Length > MaxLine ? line[..MaxLine] + "…" : line)}");
    }

    // A .NET crash ends with stack frames; the line that tells is the exception above them.
    private static string? CrashLine(IReadOnlyList<string> log)
    {
        var lines = log.Where(line => line.Trim().Length > 0).ToList();
        return lines.LastOrDefault(line => line.StartsWith("Unhandled exception", StringComparison.OrdinalIgnoreCase))
            ?? lines.LastOrDefault(line => !line.StartsWith("   at ", StringComparison.Ordinal));
    }
}

namespace EcsRelease.MSBuild;

/// <summary>A release record in words.</summary>
internal static class ReleaseText
{
    /// <summary>`HelloEcs -> hello-ecs:3 3f2a91c sha256:9b0c5d1e on default (local): succeeded`.</summary>
    public static string Summary(string projectName, ReleaseRecord record)
    {
        string?[] words =
        [
            record.TaskDefinition is { } revision ? revision[(revision.LastIndexOf('/') + 1)..] : record.Service,
            Short(record.Commit, 7),
            Short(record.Digest, "sha256:".Length + 8),
            record.Cluster is { } cluster ? $"on {cluster[(cluster.LastIndexOf('/') + 1)..]} ({record.Target})" : $"({record.Target})",
        ];
        return $"{projectName} -> {string.Join(' ', words.Where(word => !string.IsNullOrEmpty(word)))}: {record.Outcome.Word()}";
    }

    /// <summary>What an engineer would have gone looking for, most telling first.</summary>
    public static IReadOnlyList<string> Evidence(ReleaseRecord record)
    {
        if (record.Unsaid is not { } evidence)
            return [];
        List<string> lines = [];
        if (evidence.StatusReason is { Length: > 0 } reason)
            lines.Add($"  reason: {reason}");
        if (evidence.Breaker is { } breaker)
            lines.Add($"  circuit breaker: {breaker.Status}, {breaker.FailureCount} of {breaker.Threshold} failures");
        foreach (var task in evidence.Tasks)
            lines.AddRange(OfTask(task));
        if (evidence.Next is { Length: > 0 } next)
            lines.Add($"  what to do: {next}");
        return lines;
    }

    private static IEnumerable<string> OfTask(TaskEvidence task)
    {
        yield return $"  {(task.Count > 1 ? $"{task.Count} tasks, e.g. " : "task ")}{task.Id}: {task.StopCode} {task.Reason}";
        foreach (var container in task.Containers)
        {
            yield return $"    container {container.Name}: exit code {container.ExitCode?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"}{(container.Reason is null ? "" : $", {container.Reason}")}";
            foreach (var line in container.Log)
                yield return "      " + line;
        }
    }

    private static string? Short(string? text, int length) => text?.Length > length ? text[..length] : text;
}

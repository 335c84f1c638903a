using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>Why a task stopped: by ECS's text, else by the container's reason, log and exit code.</summary>
internal static class TaskCause
{
    // The agent's words for an end that only the container explains.
    private const string ContainerEnded = "Essential container in task exited";

    /// <param name="evidence">All that was seen beside the task.</param>
    public static FailureFinding Of(TaskEvidence task, RolloutEvidence evidence, FailureScene scene)
    {
        var times = task.Count > 1 ? $"{task.Count} tasks" : null;
        var container = Culprit(task, scene);
        if (container?.Reason is { } reason && KnownFailures.Find(reason) is { } known)
            return known.Cause is null ? Told(container, times, reason) with { Means = scene.Fill(known.Means, container.Name, reason), Next = scene.Next(known, container.Name, reason) }
                : FailureFinding.Of(known, scene, container.Name, reason, container.ExitCode is { } code ? $"exit code {code}" : null, times);
        if (ByStop(task, container, times, evidence, scene) is { } stopped)
            return stopped;
        return container is null
            ? new($"its tasks stopped{Counted(times)}: {Excerpt.Of(task.Reason ?? task.StopCode ?? "ECS does not say why")}", null, null)
            : ByContainer(task, container, times, scene);
    }

    private static FailureFinding? ByStop(TaskEvidence task, ContainerEvidence? container, string? times, RolloutEvidence evidence, FailureScene scene)
    {
        if (task.Reason is not { } said || said.StartsWith(ContainerEnded, StringComparison.Ordinal))
            return null;
        if ((KnownFailures.Find(said) ?? KnownFailures.Find(task.StopCode)) is not { } known)
            return task.StopCode is "TaskFailedToStart" ? new($"its tasks did not start{Counted(times)}: {Excerpt.Of(said)}", null, null) : null;
        var found = FailureFinding.Of(known, scene, said.Contains("container health checks", StringComparison.Ordinal) ? scene.CheckedContainer : container?.Name, said,
            task.StopCode == "EssentialContainerExited" && container?.ExitCode is { } code ? $"exit code {code}" : null, times);
        if (known.Cause is null)
            return found with { Cause = $"its tasks stopped{Counted(times)}: {Excerpt.Of(said)}" };
        return HealthDetail(said, evidence) is { } detail ? found with { Cause = found.Cause!.Insert(found.Cause.IndexOf(" (", StringComparison.Ordinal), $": {detail}") } : found;
    }

    private static FailureFinding ByContainer(TaskEvidence task, ContainerEvidence container, string? times, FailureScene scene)
    {
        foreach (var line in container.Log)
            if (KnownFailures.Find(line) is { InLog: true } known)
                return FailureFinding.Of(known, scene, container.Name, line, container.ExitCode is { } code ? $"exit code {code}" : null, times);
        var told = Told(container, times, container.Reason ?? (container.ExitCode is null ? task.Reason : null));
        if (container.ExitCode is not { } exit)
            return told;
        var (means, next) = KnownExits.Of(exit);
        // The last words of a program that ends well are any words; only an exception tells more than the end itself.
        var crash = CrashLine(container.Log) is { } last && (exit != 0 || IsException(last)) ? last : null;
        return told with
        {
            Cause = told.Cause + (crash is not null ? $", its log says: {Excerpt.Of(crash)}" : exit == 0 ? ": it ended by itself, and a service must keep running" : ""),
            Means = IsException(crash) ? "The program ended by an exception that nothing handled." : scene.Fill(means, container.Name, ""),
            Next = IsException(crash) ? "Correct it, commit and release again; its log lines say where." : scene.FillCommand(next, container.Name, ""),
        };
    }

    private static FailureFinding Told(ContainerEvidence container, string? times, string? why) => new(
        $"container '{container.Name}' {(container.ExitCode is { } code ? $"exited with code {code}" : "did not start")}{Counted(times)}{(why is null ? "" : $": {Excerpt.Of(why)}")}", null, null);

    // One that ended by itself before those that were ended with it: they show SIGTERM's 143, or SIGKILL's 137.
    private static ContainerEvidence? Culprit(TaskEvidence task, FailureScene scene) => task.Containers
        .Where(each => (each.ExitCode is not null || each.Reason is not null) && (scene.Container(each.Name).Flag("essential") ?? true))
        .OrderBy(each => each switch { { Reason: not null } => 0, { ExitCode: not (0 or 137 or 143) } => 1, { ExitCode: 0 } => 2, _ => 3 })
        .FirstOrDefault();

    // The balancer's own words say more than `Task failed ELB health checks`.
    private static string? HealthDetail(string said, RolloutEvidence evidence)
    {
        if (!said.Contains("ELB health checks", StringComparison.Ordinal))
            return null;
        const string reason = "due to (reason ";
        return evidence.Troubles.FirstOrDefault(each => each.Message.Contains(reason, StringComparison.Ordinal)) is { } told
            ? Excerpt.Of(told.Message[(told.Message.IndexOf(reason, StringComparison.Ordinal) + reason.Length)..]).TrimEnd(')')
            : evidence.Targets.FirstOrDefault(each => each.State?.StartsWith("unhealthy", StringComparison.Ordinal) == true)?.Description;
    }

    // A .NET crash ends with stack frames, which a logger may indent; the line that tells is the exception above them.
    private static string? CrashLine(IReadOnlyList<string> log)
    {
        // A line in parentheses is ours: there is no log.
        var lines = log.Where(line => line.Trim().Length > 0 && !ContainerLogs.IsAbsence(line)).ToList();
        return lines.FindLast(IsException) ?? lines.FindLast(line => !IsOfStack(line));
    }

    // What Exception.ToString writes below the exception itself: `   at TYPE.METHOD`, ` ---> INNER`, `--- End of … stack trace …`
    private static bool IsOfStack(string line)
    {
        var text = line.TrimStart();
        return text.StartsWith("---", StringComparison.Ordinal) || (text.Length < line.Length && text.StartsWith("at ", StringComparison.Ordinal));
    }

    private static bool IsException(string? line) => line?.StartsWith("Unhandled exception", StringComparison.OrdinalIgnoreCase) == true;

    private static string Counted(string? times) => times is null ? "" : $" ({times})";
}

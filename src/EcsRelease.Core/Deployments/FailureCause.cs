using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>From all that was seen to one sentence of cause, what it means and what to do next.</summary>
internal static class FailureCause
{
    /// <summary>The sentence of the error: what ended the deployment and, where its tasks or events tell, why.</summary>
    /// <param name="said">The cause that the rule read from the deployment.</param>
    public static string Of(string said, RolloutEvidence evidence)
    {
        var text = said.TrimEnd('.', ' ');
        if (evidence.Cause is not { } cause)
            return $"{text}.";
        if (!IsOutline(said, evidence))
            return text.EndsWith("keep failing", StringComparison.Ordinal) ? $"{text}: {cause}." : $"{text}, and {cause}.";
        if (said.Contains("No rollback candidate was found", StringComparison.Ordinal))
            cause += "; this is the first release of the service, so there is nothing to go back to";
        return said.Contains("Rollback is off", StringComparison.Ordinal) ? $"{cause}; rollback is off, so the bad revision stays PRIMARY." : $"{cause}.";
    }

    /// <summary>Evidence with cause, meaning and next action.</summary>
    /// <param name="deployment">The service deployment as last seen; null where there is none.</param>
    public static RolloutEvidence Explain(RolloutEvidence evidence, FailureScene scene, JsonObject? deployment)
    {
        var finding = Decisive(evidence, scene, deployment) ?? Seen(evidence, scene) ?? Outline(evidence, scene);
        return evidence with { Cause = finding?.Cause, Means = finding?.Means, Next = finding?.Next };
    }

    // What ECS itself names as the reason, where that is no mere count of failed tasks.
    private static FailureFinding? Decisive(RolloutEvidence evidence, FailureScene scene, JsonObject? deployment)
    {
        if (evidence.Breaker?.Status == "TRIGGERED")
            return null;
        if (evidence.Alarms is [{ } first, ..])
            return new(
                $"{(evidence.Alarms.Count > 1 ? "alarms" : "alarm")} {string.Join(", ", evidence.Alarms.Select(each => $"'{each.Name}'"))} went off{(first.Reason is { } reason ? $": {Excerpt.Of(reason)}" : "")}",
                "A CloudWatch alarm that watches the deployment went off, so ECS ended it.",
                scene.FillCommand($"See when and why: aws cloudwatch describe-alarm-history --alarm-name {ShellWord.Of(first.Name)} --history-item-type StateUpdate --region {{region}}", null, ""));
        if (evidence.Hooks.FirstOrDefault(hook => hook is { Status: "TIMED_OUT", TimeoutAction: not "CONTINUE" }) is not null)
            return new(null, "Nobody answered the pause before it expired.", "Answer the next one in time, or raise timeoutInMinutes of the hook.");
        if (deployment.Text("status") is not ("STOPPED" or "ROLLBACK_REQUESTED" or "ROLLBACK_IN_PROGRESS" or "ROLLBACK_SUCCESSFUL" or "ROLLBACK_FAILED"))
            return null;
        if ((evidence.StatusReason ?? deployment.Object("rollback").Text("reason")) is { } said)
            return KnownFailures.Find(said) is { IsOutline: false } known ? FailureFinding.Of(known, scene, null, said) with { Cause = null } : null;
        return new(Seen(evidence, scene)?.Cause, "Somebody, or a pipeline, called StopServiceDeployment.",
            scene.FillCommand("Ask who: aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=StopServiceDeployment --region {region}", null, ""));
    }

    private static FailureFinding? Seen(RolloutEvidence evidence, FailureScene scene)
    {
        // Most tasks first; those that the revision itself is to blame for before those that something else ended.
        var tasks = evidence.Tasks.OrderByDescending(StoppedTasks.IsOwnFailure).ThenByDescending(task => task.Count).ToList();
        var own = tasks.FirstOrDefault(StoppedTasks.IsOwnFailure);
        return (own is null ? null : TaskCause.Of(own, evidence, scene))
            ?? evidence.Troubles.Select(each => (each.Message, Known: KnownFailures.Find(each.Message)))
                .Where(each => each.Known is { IsOutline: false })
                .Select(each => FailureFinding.Of(each.Known!, scene, null, each.Message)).FirstOrDefault()
            ?? (tasks.Count > 0 ? TaskCause.Of(tasks[0], evidence, scene) : null)
            ?? evidence.Troubles.Select(each => (each.Message, Known: KnownFailures.Find(each.Message)))
                .Where(each => each.Known is { Cause: not null })
                .Select(each => FailureFinding.Of(each.Known!, scene, null, each.Message)).FirstOrDefault();
    }

    private static FailureFinding? Outline(RolloutEvidence evidence, FailureScene scene)
    {
        IEnumerable<string?> texts = [evidence.StatusReason, .. evidence.Troubles.Select(each => each.Message)];
        return texts.OfType<string>().Select(text => KnownFailures.Find(text) is { } known ? FailureFinding.Of(known, scene, null, text) with { Cause = null } : null)
            .FirstOrDefault(found => found is not null);
    }

    // ECS's words that only count failures; what the tasks say takes their place.
    private static bool IsOutline(string said, RolloutEvidence evidence) =>
        evidence.Alarms.Count > 0 || said.StartsWith("circuit breaker tripped", StringComparison.Ordinal) || KnownFailures.Find(said) is { IsOutline: true };
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>Why a one-off task (RunTask) did not do its work.</summary>
internal static class OneOffFailure
{
    /// <summary>Cause, meaning, next action and the logs of the dead containers of one stopped task.</summary>
    /// <param name="definition">Its task definition as described.</param>
    /// <param name="task">As described.</param>
    public static async Task<RolloutEvidence> OfTaskAsync(AmazonCloudWatchLogsClient logs, string cluster, JsonObject definition, JsonObject task, CancellationToken cancellationToken)
    {
        var tasks = await StoppedTaskReader.ReadAsync([task], new ContainerLogs(logs, definition), cancellationToken);
        return FailureCause.Explain(new RolloutEvidence { Tasks = tasks }, Scene(cluster, definition), deployment: null);
    }

    /// <summary>Why RunTask started nothing.</summary>
    /// <param name="definition">The task definition as described; empty when it is not known.</param>
    /// <param name="failure">One of its `failures[]`, which come with HTTP 200.</param>
    public static RolloutEvidence OfRunTask(string cluster, JsonObject definition, JsonObject failure)
    {
        var reason = failure.Text("reason") ?? "";
        var said = string.Join(": ", new[] { reason, failure.Text("detail") }.OfType<string>());
        var known = KnownExits.OfRunTask(reason);
        return new() { Cause = $"ECS started no task: {said}", Means = known?.Means, Next = known is { } found ? Scene(cluster, definition).FillCommand(found.Next, null, said) : null };
    }

    private static FailureScene Scene(string cluster, JsonObject definition)
    {
        var revision = definition.Text("taskDefinitionArn");
        return new(cluster, null, revision?.Split(':') is [_, _, _, var region, ..] ? region : "", revision, definition, null);
    }
}

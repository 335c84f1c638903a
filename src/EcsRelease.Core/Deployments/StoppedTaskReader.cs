using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>Stopped tasks as evidence: alike ones together, with the log of each dead essential container.</summary>
internal static class StoppedTaskReader
{
    // Logs cost a call per container; groups beyond these are told without.
    private const int GroupsWithLog = 5;

    /// <param name="tasks">As described, newest first.</param>
    public static async Task<IReadOnlyList<TaskEvidence>> ReadAsync(IReadOnlyList<JsonObject> tasks, ContainerLogs logs, CancellationToken cancellationToken)
    {
        List<TaskEvidence> found = [];
        foreach (var alike in tasks.GroupBy(Signature))
            found.Add(await TaskAsync(alike.First(), alike.Count(), found.Count < GroupsWithLog ? logs : null, cancellationToken));
        return found;
    }

    // Tasks that stopped for the same reason with the same exit codes are one thing to read.
    private static string Signature(JsonObject task) => string.Join('|',
        task.Text("stopCode"), AlikeText.Key(task.Text("stoppedReason")),
        string.Join(',', task.Objects("containers").OrderBy(each => each.Text("name"), StringComparer.Ordinal)
            .Select(each => $"{each.Text("name")}={each.Integer("exitCode")}={AlikeText.Key(each.Text("reason"))}")));

    private static async Task<TaskEvidence> TaskAsync(JsonObject task, int count, ContainerLogs? logs, CancellationToken cancellationToken)
    {
        var id = (task.Text("taskArn") ?? "").Split('/')[^1];
        var containers = new List<ContainerEvidence>();
        foreach (var container in task.Objects("containers"))
        {
            var name = container.Text("name") ?? "";
            var exitCode = container.Integer("exitCode");
            // A container without exit code never started.
            IReadOnlyList<string> log = exitCode is null ? []
                : logs is null ? ["(its log was not read)"]
                : logs.IsEssential(name) ? await logs.LastAsync(name, id, container.Text("runtimeId"), cancellationToken) : [];
            containers.Add(new(name, exitCode, container.Text("reason"), log));
        }
        return new(id, task.Text("stopCode"), task.Text("stoppedReason"), containers, count);
    }
}

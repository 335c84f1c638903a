using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;

namespace EcsRelease.Deployments;

/// <summary>Collects what an engineer would go looking for after a rollout failed (ecs-api.md 4). A read that fails
/// is noted in the evidence; it never hides the failure itself.</summary>
internal sealed class FailureEvidence(AwsAccess access, StartedRollout rollout, StoppedTasks stopped)
{
    // Groups of alike tasks whose containers are looked into.
    private const int MaxGroups = 5;

    public async Task<RolloutEvidence> CollectAsync(RolloutSnapshot? last, CancellationToken cancellationToken)
    {
        var notes = new List<string>();
        await NotedAsync(notes, "stopped tasks", () => stopped.RefreshAsync(cancellationToken));
        JsonObject definition = [];
        await NotedAsync(notes, "the task definition", async () => definition = (await access.Ecs.DescribeTaskDefinitionAsync(
            new JsonObject { ["taskDefinition"] = rollout.TaskDefinition }, cancellationToken)).Object("taskDefinition") ?? []);

        var containerLogs = new ContainerLogs(access.Logs, definition);
        var tasks = new List<TaskEvidence>();
        foreach (var alike in stopped.Failed.GroupBy(Signature).Take(MaxGroups))
            tasks.Add(await TaskAsync(alike.First(), alike.Count(), containerLogs, cancellationToken));

        var evidence = new RolloutEvidence
        {
            StatusReason = last?.Deployment.Text("statusReason")
                ?? last?.Service.Objects("deployments").FirstOrDefault(each => each.Text("id") == rollout.PrimaryId).Text("rolloutStateReason"),
            Breaker = Breaker(last?.Deployment.Object("deploymentCircuitBreaker")),
            Events = [.. last?.Service.Objects("events").Where(each => each.Time("createdAt") >= rollout.UpdatedAt)
                .OrderBy(each => each.Time("createdAt")).Select(each => each.Text("message") ?? "") ?? []],
            Tasks = tasks,
            Notes = notes,
        };
        return evidence with { Next = NextAction.For(evidence) };
    }

    private static async Task NotedAsync(List<string> notes, string what, Func<Task> read)
    {
        try
        {
            await read();
        }
        catch (AwsServiceException unread)
        {
            notes.Add($"{what} could not be read: {unread.Operation}: {unread.ErrorCode}: {unread.Message}");
        }
    }

    private static BreakerEvidence? Breaker(JsonObject? breaker) => breaker is null
        ? null
        : new(breaker.Text("status"), breaker.Integer("failureCount") ?? 0, breaker.Integer("threshold") ?? 0);

    // Tasks that stopped for the same reason with the same exit codes are one thing to read.
    private static string Signature(JsonObject task) => string.Join('|',
        task.Text("stopCode"), task.Text("stoppedReason"),
        string.Join(',', task.Objects("containers").OrderBy(each => each.Text("name"), StringComparer.Ordinal)
            .Select(each => $"{each.Text("name")}={each.Integer("exitCode")}={each.Text("reason")}")));

    private static async Task<TaskEvidence> TaskAsync(JsonObject task, int count, ContainerLogs logs, CancellationToken cancellationToken)
    {
        var id = (task.Text("taskArn") ?? "").Split('/')[^1];
        var containers = new List<ContainerEvidence>();
        foreach (var container in task.Objects("containers"))
        {
            var name = container.Text("name") ?? "";
            var exitCode = container.Integer("exitCode");
            // A container without exit code never started.
            var isDead = exitCode is not null && logs.IsEssential(name);
            containers.Add(new(name, exitCode, container.Text("reason"),
                isDead ? await logs.LastAsync(name, id, container.Text("runtimeId"), cancellationToken) : []));
        }
        return new(id, task.Text("stopCode"), task.Text("stoppedReason"), containers, count);
    }
}

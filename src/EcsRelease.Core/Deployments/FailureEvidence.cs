using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;

namespace EcsRelease.Deployments;

/// <summary>Collects what an engineer would go looking for after a rollout failed (ecs-api.md 4). A read that fails
/// is noted in the evidence; it never hides the failure itself.</summary>
internal sealed class FailureEvidence(AwsAccess access, StartedRollout rollout, StoppedTasks stopped)
{
    public async Task<RolloutEvidence> CollectAsync(RolloutSnapshot? last, CancellationToken cancellationToken)
    {
        var reads = new NotedReads();
        await reads.TryAsync("stopped tasks", () => stopped.RefreshAsync(cancellationToken));
        if (stopped.Forgotten > 0)
            reads.Note($"{stopped.Forgotten} stopped tasks were forgotten by ECS before they could be read");
        var definition = await reads.TryAsync("the task definition", () => DefinitionAsync(cancellationToken)) ?? [];
        List<string> events = [.. ServiceEvents.Since(last?.Service, rollout.UpdatedAt).Select(each => each.Text("message") ?? "")];
        var evidence = new RolloutEvidence
        {
            StatusReason = last?.Deployment.Text("statusReason")
                ?? last?.Service.Objects("deployments").FirstOrDefault(each => each.Text("id") == rollout.PrimaryId).Text("rolloutStateReason"),
            Breaker = Breaker(last?.Deployment.Object("deploymentCircuitBreaker")),
            Alarms = await AlarmsAsync(AlarmStates.Triggered(last?.Deployment), reads, cancellationToken),
            Hooks = [.. last?.Deployment.Objects("lifecycleHookDetails").Select(Hook) ?? []],
            Events = events,
            Troubles = ServiceEvents.Troubles(events),
            Tasks = await StoppedTaskReader.ReadAsync(stopped.Failed, new ContainerLogs(access.Logs, definition), cancellationToken),
            Targets = await TargetsAsync(last?.Service, reads, cancellationToken),
        };
        var scene = new FailureScene(rollout.Cluster, rollout.Service, access.Region, rollout.TaskDefinition, definition, last?.Service);
        return FailureCause.Explain(evidence with { Notes = reads.Notes }, scene, last?.Deployment);
    }

    private async Task<JsonObject> DefinitionAsync(CancellationToken cancellationToken) =>
        (await access.Ecs.DescribeTaskDefinitionAsync(new JsonObject { ["taskDefinition"] = rollout.TaskDefinition }, cancellationToken)).Object("taskDefinition") ?? [];

    private async Task<IReadOnlyList<AlarmEvidence>> AlarmsAsync(IReadOnlyList<string> names, NotedReads reads, CancellationToken cancellationToken) =>
        names.Count == 0 ? []
        : await reads.TryAsync("the alarms", () => AlarmStates.ReadAsync(access.Alarms, names, cancellationToken))
            ?? [.. names.Select(name => new AlarmEvidence(name, null, null))];

    private async Task<IReadOnlyList<TargetEvidence>> TargetsAsync(JsonObject? service, NotedReads reads, CancellationToken cancellationToken)
    {
        List<TargetEvidence> targets = [];
        foreach (var group in TargetHealth.GroupsOf(service))
            targets.AddRange(await reads.TryAsync($"target health of {group}", () => TargetHealth.ReadAsync(access.Elb, group, cancellationToken)) ?? []);
        return targets;
    }

    private static BreakerEvidence? Breaker(JsonObject? breaker) => breaker is null
        ? null
        : new(breaker.Text("status"), breaker.Integer("failureCount") ?? 0, breaker.Integer("threshold") ?? 0);

    private static HookEvidence Hook(JsonObject hook) => new(
        hook.Text("hookId"), hook.Text("targetType"), hook.Text("targetArn"), hook.Text("status"), hook.Time("expiresAt"), hook.Text("timeoutAction"));
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>The stopped tasks of a rollout. ECS forgets them after about an hour, and a rollout may last longer, so
/// they are caught while waiting and remembered.</summary>
internal sealed class StoppedTasks(AmazonEcsClient ecs, StartedRollout rollout)
{
    private readonly Dictionary<string, JsonObject> _tasks = new(StringComparer.Ordinal);

    /// <summary>Those that failed, newest first: ours, less the ones that ECS stopped to scale in.</summary>
    public IReadOnlyList<JsonObject> Failed =>
    [
        .. _tasks.Values.Where(IsOurs).Where(task => !IsScaleIn(task))
            .OrderByDescending(task => task.Time("stoppedAt") ?? task.Time("stoppingAt") ?? task.Time("createdAt")),
    ];

    /// <summary>How many the revision itself is to blame for: not those that a person, Spot or the host's end stopped.</summary>
    public int OwnFailures => Failed.Count(task => IsOwnFailure(task.Text("stopCode"), task.Text("stoppedReason")));

    /// <summary>Stopped tasks that ECS listed and then could not describe: it had forgotten them.</summary>
    public int Forgotten { get; private set; }

    /// <exception cref="AwsServiceException"/>
    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        // With startedBy no other filter is allowed, so the tasks of the service are listed and told apart here.
        var request = new JsonObject { ["cluster"] = rollout.Cluster, ["serviceName"] = rollout.Service, ["desiredStatus"] = "STOPPED" };
        var unknown = new List<string>();
        await foreach (var arn in Paging.ListAllAsync(ecs.ListTasksAsync, request, "taskArns", cancellationToken))
            // A task that is still stopping has no exit codes yet.
            if (_tasks.GetValueOrDefault((string)arn!).Text("lastStatus") != "STOPPED")
                unknown.Add((string)arn!);
        var described = await Paging.DescribeAllAsync(
            ecs.DescribeTasksAsync, new JsonObject { ["cluster"] = rollout.Cluster }, "tasks", unknown, "tasks", Paging.TasksACall, cancellationToken);
        Forgotten += described.Objects("failures").Count();
        foreach (var task in described.Objects("tasks"))
            if (task.Text("taskArn") is { } arn)
                _tasks[arn] = task;
    }

    // By revision too: a deployment that was joined has an id of its own, and that of one which was undone is not told
    // any more. An earlier deployment of the same revision has tasks of its own.
    private bool IsOurs(JsonObject task) => task.Text("startedBy") is { } deployment
        && (deployment == rollout.PrimaryId || deployment == rollout.Baseline.PrimaryId)
            ? deployment == rollout.PrimaryId
            : task.Text("taskDefinitionArn") == rollout.TaskDefinition && task.Time("createdAt") >= rollout.UpdatedAt - RolloutRule.ClockTolerance;

    /// <summary>The revision itself is to blame: no person, Spot or host's end stopped the task.</summary>
    public static bool IsOwnFailure(TaskEvidence task) => IsOwnFailure(task.StopCode, task.Reason);

    private static bool IsOwnFailure(string? stopCode, string? reason) =>
        stopCode is "TaskFailedToStart" or "EssentialContainerExited"
        || (stopCode == "ServiceSchedulerInitiated" && reason?.Contains("health checks", StringComparison.OrdinalIgnoreCase) == true);

    private static bool IsScaleIn(JsonObject task) =>
        task.Text("stopCode") == "ServiceSchedulerInitiated"
        && (task.Text("stoppedReason") ?? "").StartsWith("Scaling activity initiated by", StringComparison.Ordinal);
}

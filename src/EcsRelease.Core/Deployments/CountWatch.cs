using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;

namespace EcsRelease.Deployments;

/// <param name="Error">Null when as many tasks run as are wanted.</param>
/// <param name="Running">As last described.</param>
internal sealed record CountEnd(int Running, EcsReleaseException? Error = null, RolloutEvidence? Evidence = null);

/// <summary>Waits until a service has as many tasks as it is to have, and says why when it gets no further.</summary>
/// <param name="jitter">Spreads the looks of several runs; seeded in tests.</param>
internal sealed class CountWatch(AwsAccess access, StartedRollout rollout, int wanted, IReporter reporter, TimeProvider time, Random? jitter = null)
{
    // As many as make a failing release of the circuit breaker's smallest threshold.
    private const int KeepsFailingAfter = 3;

    // A task that ends at once is counted as running for a moment.
    private static readonly TimeSpan _settle = TimeSpan.FromSeconds(3);

    private readonly Random _jitter = jitter ?? Random.Shared;
    private readonly StoppedTasks _stopped = new(access.Ecs, rollout);

    /// <exception cref="AwsServiceException">The service cannot be read any more.</exception>
    public async Task<CountEnd> WaitAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var startedAt = time.GetTimestamp();
        long? settledAt = null;
        JsonObject? service = null;
        var failedBefore = await FailuresAsync(cancellationToken);
        var looks = 0;
        while (true)
        {
            try
            {
                service = await access.Ecs.DescribeServiceAsync(rollout.Cluster, rollout.Service, cancellationToken);
                if (service is null || service.IsGone())
                    return new(0, Errors.ServiceDeletedOutcome(rollout.Service, service.Text("status") ?? "MISSING"));
                var (running, desired, pending) = (service.Integer("runningCount") ?? 0, service.Integer("desiredCount") ?? 0, service.Integer("pendingCount") ?? 0);
                if (desired != wanted)
                    return new(running, Errors.ScaleChanged(rollout.Service, wanted, desired));
                reporter.Progress(new Progress($"{running} of {wanted} tasks running{(pending > 0 ? $", {pending} starting" : "")}", running, wanted, "tasks", Limit: limit));
                var isThere = running == wanted && pending == 0 && await AreHealthyAsync(cancellationToken);
                settledAt = isThere ? settledAt ?? time.GetTimestamp() : null;
                if (settledAt is { } at && (wanted == 0 || time.GetElapsedTime(at) >= _settle))
                    return new(running);
                if (!isThere && looks++ % 4 == 3 && await FailuresAsync(cancellationToken) - failedBefore >= KeepsFailingAfter)
                    return await EndAsync(service, (cause, found) => Errors.ScaleFailed(rollout.Service, wanted, running, cause ?? "its tasks keep failing"), cancellationToken);
            }
            catch (AwsServiceException passing) when (passing.IsPassing)
            {
                reporter.Progress(new Progress($"waiting for ECS to answer ({passing.ErrorCode})"));
            }
            var elapsed = time.GetElapsedTime(startedAt);
            if (elapsed >= limit)
                return await EndAsync(service, (cause, _) => Errors.ScaleTimedOut(rollout.Service, wanted, service.Integer("runningCount") ?? 0, limit, cause), cancellationToken);
            await Task.Delay(Pause(elapsed, limit), time, cancellationToken);
        }
    }

    private async Task<int> FailuresAsync(CancellationToken cancellationToken)
    {
        await _stopped.RefreshAsync(cancellationToken);
        return _stopped.OwnFailures;
    }

    // Without a health check a task's health stays UNKNOWN; with one it is that until the check has passed.
    private async Task<bool> AreHealthyAsync(CancellationToken cancellationToken)
    {
        if (wanted == 0)
            return true;
        var request = new JsonObject { ["cluster"] = rollout.Cluster, ["serviceName"] = rollout.Service, ["desiredStatus"] = "RUNNING" };
        List<string> arns = [];
        await foreach (var arn in Paging.ListAllAsync(access.Ecs.ListTasksAsync, request, "taskArns", cancellationToken))
            arns.Add((string)arn!);
        var described = await Paging.DescribeAllAsync(access.Ecs.DescribeTasksAsync, new JsonObject { ["cluster"] = rollout.Cluster }, "tasks", arns, "tasks", Paging.TasksACall, cancellationToken);
        var tasks = described.Objects("tasks").ToList();
        var isChecked = tasks.Exists(task => task.Text("healthStatus") is "HEALTHY" or "UNHEALTHY") || await HasCheckAsync(cancellationToken);
        return tasks.TrueForAll(task => task.Text("lastStatus") == "RUNNING" && (!isChecked || task.Text("healthStatus") == "HEALTHY"));
    }

    private async Task<bool> HasCheckAsync(CancellationToken cancellationToken) =>
        (await access.Ecs.DescribeTaskDefinitionAsync(new JsonObject { ["taskDefinition"] = rollout.TaskDefinition }, cancellationToken))
            .Object("taskDefinition").Objects("containerDefinitions").Any(container => container.Object("healthCheck") is not null);

    private async Task<CountEnd> EndAsync(JsonObject? service, Func<string?, RolloutEvidence, EcsReleaseException> error, CancellationToken cancellationToken)
    {
        var found = await new FailureEvidence(access, rollout, _stopped).CollectAsync(service is null ? null : new RolloutSnapshot { Service = service }, cancellationToken);
        return new(service.Integer("runningCount") ?? 0, error(found.Cause, found), found);
    }

    private TimeSpan Pause(TimeSpan elapsed, TimeSpan limit)
    {
        var pause = elapsed.TotalSeconds switch { < 10 => 0.5, < 30 => 1, < 120 => 2, _ => 5 };
        var spread = TimeSpan.FromSeconds(pause * (0.8 + (0.4 * _jitter.NextDouble())));
        var rest = limit - elapsed;
        return spread < rest ? spread : rest;
    }
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;

namespace EcsRelease.TaskRuns;

/// <summary>Runs a one-off task to its end; the exit code of the released container decides. A task that is given up
/// (the limit, Ctrl-C, ECS cannot be read any more) is stopped.</summary>
/// <param name="jitter">Spreads the looks of several runs; seeded in tests.</param>
internal sealed class CommandRun(AwsAccess access, IReporter reporter, TimeProvider time, Random? jitter = null)
{
    // DescribeTasks may not know a new task for a moment, and forgets a stopped one after an hour.
    private static readonly TimeSpan _unknownLimit = TimeSpan.FromSeconds(60);

    private readonly Random _jitter = jitter ?? Random.Shared;
    private readonly TaskStart _start = new(access.Ecs, reporter);
    private readonly TaskStop _stop = new(access.Ecs, reporter);

    /// <summary>Takes each line that the container logs; null = they are details of the report.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>Told of the task as soon as it began.</summary>
    public Action<string>? OnBegun { get; init; }

    /// <summary>Cancelled when not even the task's stop is waited for.</summary>
    public CancellationToken Leave { get; init; }

    /// <summary>What became of the task when waiting for it was given up, for whoever pressed Ctrl-C.</summary>
    public string? GivenUp { get; private set; }

    /// <param name="limit">How long the task may take.</param>
    /// <exception cref="AwsServiceException">ECS refused, or cannot be read any more.</exception>
    public async Task<CommandEnd> RunAsync(OneOffTask task, TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = await _start.RunAsync(task, cancellationToken);
        if (began.Task is not { } arn)
        {
            var evidence = OneOffFailure.OfRunTask(task.Cluster, task.Definition, began.Failure!);
            return new(CommandFault.NotStarted, null, null, evidence.Cause!, evidence);
        }
        OnBegun?.Invoke(arn);
        try
        {
            return await FollowAsync(task, arn, began.IsOwn, limit, cancellationToken);
        }
        catch
        {
            GivenUp = await GiveUpAsync(task, arn, began.IsOwn, "nobody waits for it any more");
            throw;
        }
    }

    private async Task<CommandEnd> FollowAsync(OneOffTask task, string arn, bool isOwn, TimeSpan limit, CancellationToken cancellationToken)
    {
        var log = new TaskLog(access.Logs, task, OnLine ?? (line => reporter.Detail($"| {InertText.Of(line)}")), reporter, time);
        var startedAt = time.GetTimestamp();
        var seenAt = startedAt;
        JsonObject? last = null;
        while (true)
        {
            try
            {
                if (await DescribeAsync(task, arn, cancellationToken) is { } described)
                {
                    last = described;
                    seenAt = time.GetTimestamp();
                    reporter.Progress(new Progress($"task {Id(arn)}: {described.Text("lastStatus")}"));
                    await log.ReadAsync(described, cancellationToken);
                    if (HasEnded(task, described))
                        return await EndAsync(task, described, log, cancellationToken);
                }
                else if (time.GetElapsedTime(seenAt) > _unknownLimit)
                    return new(last is null ? CommandFault.NotStarted : CommandFault.Exited, arn, null, $"ECS does not know its task {Id(arn)} (any more)");
            }
            catch (AwsServiceException passing) when (passing.IsPassing)
            {
                reporter.Progress(new Progress($"waiting for ECS to answer ({passing.ErrorCode})"));
            }
            var elapsed = time.GetElapsedTime(startedAt);
            if (elapsed >= limit)
            {
                var stopped = await GiveUpAsync(task, arn, isOwn, "it reached EcsTimeout");
                return new(CommandFault.TimedOut, arn, null, stopped, last is null ? null : await LogAsync(task, last, cancellationToken));
            }
            await Task.Delay(Pause(elapsed, limit), time, cancellationToken);
        }
    }

    private async Task<JsonObject?> DescribeAsync(OneOffTask task, string arn, CancellationToken cancellationToken) =>
        (await access.Ecs.DescribeTasksAsync(new JsonObject { ["cluster"] = task.Cluster, ["tasks"] = new JsonArray(arn) }, cancellationToken)).Objects("tasks").FirstOrDefault();

    // After an essential container's end ECS says why it stops the task, and that belongs to a failure's report.
    private static bool HasEnded(OneOffTask task, JsonObject described) =>
        described.Text("lastStatus") == "STOPPED"
        || ExitCode(task, described) switch
        {
            null => false,
            0 => true,
            _ => !task.IsEssential || described.Text("stoppedReason") is not null,
        };

    private async Task<CommandEnd> EndAsync(OneOffTask task, JsonObject described, TaskLog log, CancellationToken cancellationToken)
    {
        var arn = described.Text("taskArn") ?? "";
        await log.EndAsync(described, cancellationToken);
        // Beside a container that is not essential the others run on.
        if (!task.IsEssential && described.Text("lastStatus") != "STOPPED")
            await _stop.RunAsync(task, arn, $"its container '{task.Container}' ended", Leave);
        var exitCode = ExitCode(task, described);
        if (exitCode == 0)
            return new(CommandFault.None, arn, 0, "");
        var evidence = await OneOffFailure.OfTaskAsync(access.Logs, task.Cluster, task.DecisiveDefinition(), described, cancellationToken);
        return new(exitCode is null && described["startedAt"] is null ? CommandFault.NotStarted : CommandFault.Exited, arn, exitCode, evidence.Cause ?? $"task {Id(arn)} ended", evidence);
    }

    /// <summary>How far the command came, of a task that has not ended.</summary>
    private async Task<RolloutEvidence> LogAsync(OneOffTask task, JsonObject described, CancellationToken cancellationToken)
    {
        var id = Id(described.Text("taskArn") ?? "");
        var container = described.Objects("containers").FirstOrDefault(each => each.Text("name") == task.Container);
        var tail = await new ContainerLogs(access.Logs, task.Definition).LastAsync(task.Container, id, container.Text("runtimeId"), cancellationToken);
        return new() { Tasks = [new(id, described.Text("stopCode"), described.Text("stoppedReason"), [new(task.Container, null, container.Text("reason"), tail)])] };
    }

    private async Task<string> GiveUpAsync(OneOffTask task, string arn, bool isOwn, string why) =>
        isOwn ? await _stop.RunAsync(task, arn, why, Leave) : $"Its task {arn} was begun by another run and goes on.";

    private static int? ExitCode(OneOffTask task, JsonObject described) =>
        described.Objects("containers").FirstOrDefault(each => each.Text("name") == task.Container).Integer("exitCode");

    private static string Id(string arn) => arn.Split('/')[^1];

    // A short command is not waited for longer than it takes; a long one costs few calls.
    private TimeSpan Pause(TimeSpan elapsed, TimeSpan limit)
    {
        var pause = elapsed.TotalSeconds switch { < 10 => 0.5, < 30 => 1, < 120 => 2, _ => 5 };
        var spread = TimeSpan.FromSeconds(pause * (0.8 + (0.4 * _jitter.NextDouble())));
        var rest = limit - elapsed;
        return spread < rest ? spread : rest;
    }
}

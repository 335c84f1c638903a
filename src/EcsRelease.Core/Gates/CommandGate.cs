using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;

namespace EcsRelease.Gates;

/// <summary>Runs a one-off task to its end; the exit code of the released container decides. A task that is given up
/// (the limit, Ctrl-C, ECS cannot be read any more) is stopped.</summary>
/// <param name="jitter">Spreads the looks of several runs; seeded in tests.</param>
internal sealed class CommandGate(AmazonEcsClient ecs, AmazonCloudWatchLogsClient logs, IReporter reporter, TimeProvider time, Random? jitter = null)
{
    // DescribeTasks may not know a new task for a moment, and forgets a stopped one after an hour.
    private static readonly TimeSpan _unknownLimit = TimeSpan.FromSeconds(60);

    private readonly Random _jitter = jitter ?? Random.Shared;
    private readonly TaskStart _start = new(ecs, reporter);
    private readonly TaskStop _stop = new(ecs, reporter);

    /// <summary>What became of the task when waiting for it was given up, for whoever pressed Ctrl-C.</summary>
    public string? GivenUp { get; private set; }

    /// <param name="limit">How long the task may take.</param>
    /// <exception cref="AwsServiceException">ECS refused, or cannot be read any more.</exception>
    public async Task<CommandEnd> RunAsync(OneOffTask task, TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = await _start.RunAsync(task, cancellationToken);
        if (began.Task is not { } arn)
            return new(CommandFault.NotStarted, null, null, began.Refusal!);
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
        var log = new TaskLog(logs, task, reporter, time);
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
                    return new(CommandFault.NotStarted, arn, null, $"ECS does not know its task {Id(arn)} (any more).");
            }
            catch (AwsServiceException passing) when (passing.IsPassing)
            {
                reporter.Progress(new Progress($"waiting for ECS to answer ({passing.ErrorCode})"));
            }
            var elapsed = time.GetElapsedTime(startedAt);
            if (elapsed >= limit)
            {
                var stopped = await GiveUpAsync(task, arn, isOwn, "it reached EcsTimeout");
                return new(CommandFault.TimedOut, arn, null, stopped, last is null ? null : await EvidenceAsync(task, last, cancellationToken));
            }
            await Task.Delay(Pause(elapsed, limit), time, cancellationToken);
        }
    }

    private async Task<JsonObject?> DescribeAsync(OneOffTask task, string arn, CancellationToken cancellationToken) =>
        (await ecs.DescribeTasksAsync(new JsonObject { ["cluster"] = task.Cluster, ["tasks"] = new JsonArray(arn) }, cancellationToken)).Objects("tasks").FirstOrDefault();

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
            await _stop.RunAsync(task, arn, $"its container '{task.Container}' ended");
        var exitCode = ExitCode(task, described);
        if (exitCode == 0)
            return new(CommandFault.None, arn, 0, "");
        var evidence = await EvidenceAsync(task, described, cancellationToken);
        // Where no container ran, the evidence says the reason already.
        return exitCode is null
            ? new(CommandFault.NotStarted, arn, null, FailureCause.Of(described.Text("stopCode") ?? "its task stopped", evidence), evidence)
            : new(CommandFault.Exited, arn, exitCode, FailureCause.Of(described.Text("stoppedReason") ?? "its task ended", evidence), evidence);
    }

    private async Task<RolloutEvidence> EvidenceAsync(OneOffTask task, JsonObject described, CancellationToken cancellationToken)
    {
        var tails = new ContainerLogs(logs, task.Definition);
        var id = Id(described.Text("taskArn") ?? "");
        var containers = new List<ContainerEvidence>();
        // The released one first: it is the one that decides.
        foreach (var container in described.Objects("containers").OrderByDescending(each => each.Text("name") == task.Container))
        {
            var (name, exitCode) = (container.Text("name") ?? "", container.Integer("exitCode"));
            var hasRun = exitCode is not null || container.Text("lastStatus") == "RUNNING";
            containers.Add(new(name, exitCode, container.Text("reason"), hasRun ? await tails.LastAsync(name, id, container.Text("runtimeId"), cancellationToken) : []));
        }
        var evidence = new RolloutEvidence { Tasks = [new(id, described.Text("stopCode"), described.Text("stoppedReason"), containers)] };
        return evidence with { Next = Next(containers.FirstOrDefault(), evidence) };
    }

    // Below 126 a code is the command's own word (POSIX, Shell Command Language 2.8.2), and what it means is in its log.
    private static string? Next(ContainerEvidence? decisive, RolloutEvidence evidence) =>
        decisive is { ExitCode: > 0 and < 126, Reason: null }
            ? "Correct what its log says and release again: the command then runs again."
            : NextAction.For(evidence);

    private async Task<string> GiveUpAsync(OneOffTask task, string arn, bool isOwn, string why) =>
        isOwn ? await _stop.RunAsync(task, arn, why) : $"Its task {arn} was begun by another run and goes on.";

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

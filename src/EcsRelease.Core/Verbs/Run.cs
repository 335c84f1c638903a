using System.Text.Json;
using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.TaskDefinitions;
using EcsRelease.TaskRuns;

namespace EcsRelease.Verbs;

/// <summary>What is to run, and in which release.</summary>
public sealed record RunRequest
{
    /// <summary>In place of the container's command; an entry point stays and gets it as its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    public RevisionChoice Choice { get; init; } = new();

    /// <summary>Variables beside those of the revision.</summary>
    public IReadOnlyList<NameValue> Environment { get; init; } = [];

    /// <summary>CPU units of the task; null = the revision's.</summary>
    public int? Cpu { get; init; }

    /// <summary>MiB of the task; null = the revision's.</summary>
    public int? Memory { get; init; }
}

/// <summary>Runs a command once in a task of a release, where the service's own tasks run, and waits for its end.</summary>
/// <param name="onLine">Takes each line that the container logs.</param>
/// <param name="leave">Cancelled when not even the stop of the task is waited for after a cancellation.</param>
public sealed class Run(
    ReleaseOptions options, string service, RunRequest request, IReleaseTarget target, IReporter reporter, Action<string> onLine, TimeProvider time, CancellationToken leave = default)
{
    // As it is sent.
    private static readonly JsonSerializerOptions _wire = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly WarningList log = new(reporter);
    private string? begun;
    private CommandRun? run;

    /// <summary>What became of the task when the run is cancelled.</summary>
    public string WhatGoesOn => run?.GivenUp ?? (begun is null ? "No task was begun." : $"Its task {begun} goes on.");

    /// <returns>How the command ended, also badly; `started` when it is not waited for.</returns>
    /// <exception cref="EcsReleaseException">It was not begun (ECSR4xxx, 5105, 5109, 5113, 5211 to 5216, 5266, 5270, 5271).</exception>
    public Task<RunRecord> RunAsync(CancellationToken cancellationToken) => Explained.RunAsync($"{options.Cluster}/{service}", async () =>
    {
        var startedAt = time.GetUtcNow();
        using var access = await target.ConnectAsync(cancellationToken);
        var live = await LiveRelease.ReadServiceAsync(access.Ecs, options with { StopAfter = StopAfterStep.None }, service, access, cancellationToken)
            ?? throw Errors.ServiceMissing(service, options.Cluster);
        if (live.Status != "ACTIVE")
            throw Errors.ServiceNotActive(service, live.Status);
        var revision = await new ChosenRelease("run", options, service, live, access, log, time).ReadAsync(request.Choice, cancellationToken);
        var task = Task(live, revision);
        log.Detail($"{Command} in {Name(task)} ({(task.Commit.Length > 0 ? $"commit {Short(task.Commit)}" : "commit unknown")}), container '{task.Container}'");
        var end = options.Wait
            ? await (run = new CommandRun(access, log, time) { OnLine = onLine, OnBegun = task => begun = task, Leave = leave }).RunAsync(task, options.Timeout, cancellationToken)
            : await StartAsync(access, task, cancellationToken);
        return Record(access, task, end, startedAt) with
        {
            Warnings = [.. log.Warnings],
            Seconds = Math.Round((time.GetUtcNow() - startedAt).TotalSeconds, 3),
        };
    });

    private string Command => string.Join(' ', request.Command.Select(ShellWord.Of));

    private OneOffTask Task(LiveService live, JsonObject revision)
    {
        var definition = revision.Object("taskDefinition") ?? [];
        if (definition.Text("status") is { } status and not "ACTIVE")
            throw Errors.RevisionNotRunnable(definition.Text("taskDefinitionArn") ?? "", status);
        var attempt = Guid.NewGuid().ToString("N");
        var task = new OneOffTask
        {
            Option = "run",
            Cluster = options.Cluster,
            TaskDefinition = definition.Text("taskDefinitionArn") ?? "",
            Definition = definition,
            Container = Container(definition),
            Command = request.Command,
            Environment = request.Environment,
            Cpu = request.Cpu,
            Memory = request.Memory,
            Commit = RevisionTags.CommitOf(revision) ?? "",
            Service = live.Description,
            Attempt = attempt,
            // Of this run alone: the same command twice is meant twice.
            StartedBy = $"ecs-release/run/{attempt}",
            TakesUp = false,
        };
        var length = task.Overrides().ToJsonString(_wire).Length;
        return length <= OneOffTask.MaxOverrides ? task : throw Errors.RunOverridesTooLong(length, OneOffTask.MaxOverrides);
    }

    private string Container(JsonObject definition)
    {
        List<string> names = [.. definition.Objects("containerDefinitions").Select(each => each.Text("name") ?? "")];
        if (options.Container is { } wanted)
            return names.Contains(wanted) ? wanted : throw Errors.ContainerNotInRevision(wanted, definition.Text("taskDefinitionArn")?.Split('/')[^1] ?? "the revision", names);
        return RevisionJson.ContainerOf(definition, null, "live").Text("name")!;
    }

    private async Task<CommandEnd> StartAsync(AwsAccess access, OneOffTask task, CancellationToken cancellationToken)
    {
        var began = await new TaskStart(access.Ecs, log).RunAsync(task, cancellationToken);
        if (began.Task is not null)
            return new(CommandFault.None, began.Task, null, "");
        var evidence = OneOffFailure.OfRunTask(task.Cluster, task.Definition, began.Failure!);
        return new(CommandFault.NotStarted, null, null, evidence.Cause!, evidence);
    }

    private RunRecord Record(AwsAccess access, OneOffTask task, CommandEnd end, DateTimeOffset startedAt)
    {
        var error = end switch
        {
            { Fault: CommandFault.NotStarted } => Errors.RunNotStarted(Command, service, end.Cause),
            { Fault: CommandFault.TimedOut } => Errors.RunTimedOut(Command, options.Timeout, end.Cause),
            { Fault: CommandFault.Exited, ExitCode: null } => Errors.RunWithoutExitCode(Command, end.Cause),
            _ => null,
        };
        var place = end.Task is { } arn ? LogPlace.Of(task.Definition, task.Container, arn.Split('/')[^1], null) : null;
        return new RunRecord
        {
            Version = EngineVersion.Current,
            StartedAt = startedAt,
            Outcome = error?.Outcome ?? (!options.Wait ? ReleaseOutcome.Started : end.ExitCode == 0 ? ReleaseOutcome.Succeeded : ReleaseOutcome.Failed),
            Code = error?.Code,
            Message = error?.Message ?? (end.Cause.Length > 0 ? end.Cause : null),
            Target = target.Name,
            Account = access.Account,
            Region = access.Region,
            Cluster = options.Cluster,
            Service = service,
            Commit = task.Commit.Length > 0 ? task.Commit : null,
            TaskDefinition = task.TaskDefinition,
            Container = task.Container,
            Command = task.Command,
            Task = end.Task,
            ExitCode = end.ExitCode,
            Log = place is { Absence: null } ? new(place.Group, place.Stream) : null,
            Evidence = end.Evidence,
        };
    }

    private static string Name(OneOffTask task) => task.TaskDefinition.Split('/')[^1];

    private static string Short(string commit) => commit.Length > 12 ? commit[..12] : commit;
}

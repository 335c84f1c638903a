using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.History;
using EcsRelease.ServiceLogs;

namespace EcsRelease.Verbs;

/// <summary>Which lines of a service's log are wanted.</summary>
public sealed record LogRequest
{
    public RevisionChoice Choice { get; init; } = new();

    /// <summary>Id of a task, the beginning of it, or its ARN; null = all tasks.</summary>
    public string? Task { get; init; }

    /// <summary>Null = the last 10 minutes; of a task, a commit or a revision all that there is.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Lines, at most; null = all, and 1000 where there is no <see cref="Since"/> either.</summary>
    public int? Tail { get; init; }

    /// <summary>Whether a line is wanted, by its text.</summary>
    public Func<string, bool> IsWanted { get; init; } = _ => true;

    /// <summary>Goes on until it is cancelled.</summary>
    public bool Follow { get; init; }
}

/// <summary>The logs of all containers of a service's tasks as one, by time; also of tasks that are gone.</summary>
/// <param name="onLine">Takes each line, once.</param>
public sealed class Logs(ReleaseOptions options, string service, LogRequest request, IReleaseTarget target, IReporter reporter, Action<LogLine> onLine, TimeProvider time)
{
    private const int DefaultTail = 1000;

    private static readonly TimeSpan _defaultSince = TimeSpan.FromMinutes(10);

    // ECS keeps stopped tasks at least an hour, and not surely longer.
    private static readonly TimeSpan _kept = TimeSpan.FromMinutes(60);

    // A task of before that time is not asked for by the name of its stream.
    private static readonly TimeSpan _oldest = TimeSpan.FromDays(90);

    private bool IsChosen => request.Task is not null || !request.Choice.IsLive;

    /// <exception cref="EcsReleaseException">ECSR4xxx, 5211 to 5214, 5270, 5274, 5275.</exception>
    public Task RunAsync(CancellationToken cancellationToken) => Explained.RunAsync($"{options.Cluster}/{service}", async () =>
    {
        using var access = await target.ConnectAsync(cancellationToken);
        var live = await LiveRelease.ReadServiceAsync(access.Ecs, options with { StopAfter = StopAfterStep.None }, service, access, cancellationToken)
            ?? throw Errors.ServiceMissing(service, options.Cluster);
        var chosen = new ChosenRelease("logs", options, service, live, access, reporter, time);
        var times = request.Choice.IsLive ? null : await chosen.TimesAsync(request.Choice, cancellationToken);
        var since = request.Since ?? (IsChosen ? null : time.GetUtcNow() - _defaultSince);
        var wish = new LogWish(options.Container, request.IsWanted, since, request.Tail ?? (since is null ? DefaultTail : null));
        var tasks = new ServiceTasks(access.Ecs, options.Cluster, service, request.Task, times?.Select(each => each.TaskDefinition).ToHashSet());
        var calls = new LogCalls(access.Logs, time);
        var log = new ServiceLog(access.Ecs, calls, tasks, wish, onLine, reporter, time);
        await log.FindAsync(cancellationToken);
        var forgotten = await ForgottenAsync(access.Ecs, calls, live, chosen, times, since, log, cancellationToken);
        if (request.Task is { } task && log.Tasks.Count == 0 && forgotten.Count == 0)
            throw Errors.TaskNotFound(task, service);
        await log.ReadAsync(forgotten, cancellationToken);
        if (!log.HasStream && log.Tasks.Count > 0 && forgotten.Count == 0 && !request.Follow)
            throw options.Container is { } wanted && Names(log.Definitions).ToList() is { Count: > 0 } names && !names.Contains(wanted)
                ? Errors.ContainerNotInRevision(wanted, $"the revisions of '{service}'", names)
                : Errors.LogsNowhere(service);
        if (request.Follow)
            await log.FollowAsync(cancellationToken);
        return true;
    });

    private async Task<IReadOnlyList<LogLine>> ForgottenAsync(
        AmazonEcsClient ecs, LogCalls calls, LiveService live, ChosenRelease chosen, IReadOnlyList<PastRelease>? times, DateTimeOffset? since, ServiceLog log, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var isUnknownTask = request.Task is not null && log.Tasks.Count == 0;
        var windows = times is null
            ? [(From: since ?? now - _oldest, To: now)]
            : Windows(times, await chosen.AllAsync(cancellationToken), since, now).ToList();
        // What began within the hour ECS still tells of.
        windows = [.. windows.Where(each => isUnknownTask || (request.Task is null && each.From < now - _kept))];
        if (windows.Count == 0)
            return [];
        if (times is not null)
            reporter.Warn(Errors.LogsByTimeAlone(service));
        List<LogLine> found = [];
        foreach (var family in await FamiliesAsync(ecs, live, chosen, times, log, cancellationToken))
            foreach (var (from, to) in windows)
                await foreach (var line in ReadAsync(calls, family, from, to, log.Tasks, cancellationToken))
                    found.Add(line);
        return found;
    }

    private IAsyncEnumerable<LogLine> ReadAsync(LogCalls calls, LogFamily family, DateTimeOffset from, DateTimeOffset to, IReadOnlySet<string> known, CancellationToken cancellationToken) =>
        ForgottenTasks.ReadAsync(calls, family, request.Task?.Split('/')[^1] ?? "", from, to, known, cancellationToken);

    /// <summary>From when a release was brought until the next one had taken its place.</summary>
    private static IEnumerable<(DateTimeOffset From, DateTimeOffset To)> Windows(IReadOnlyList<PastRelease> times, IReadOnlyList<PastRelease> all, DateTimeOffset? since, DateTimeOffset now)
    {
        var next = now;
        foreach (var each in all.OrderByDescending(each => each.At))
        {
            if (each.At is not { } at)
                continue;
            var end = each.End is PastEnd.Succeeded or PastEnd.Unknown ? next : each.EndedAt ?? next;
            if (times.Any(time => time.TaskDefinition == each.TaskDefinition && time.At == each.At) && (since is null || end > since))
                yield return (since > at ? since.Value : at, end);
            // Until its own end the tasks of the one before went on.
            if (each.End is PastEnd.Succeeded or PastEnd.Unknown)
                next = each.EndedAt ?? at;
        }
    }

    private async Task<IReadOnlyList<LogFamily>> FamiliesAsync(AmazonEcsClient ecs, LiveService live, ChosenRelease chosen, IReadOnlyList<PastRelease>? times, ServiceLog log, CancellationToken cancellationToken)
    {
        List<JsonObject> definitions = [.. log.Definitions];
        var revisions = times?.Select(each => each.TaskDefinition) ?? (await chosen.AllAsync(cancellationToken)).Select(each => each.TaskDefinition).Prepend(live.TaskDefinition);
        foreach (var revision in revisions.Where(each => each.Length > 0 && definitions.TrueForAll(known => known.Text("taskDefinitionArn") != each)).Distinct().Take(Paging.DeploymentsACall))
            try
            {
                definitions.Add((await ecs.DescribeTaskDefinitionAsync(new JsonObject { ["taskDefinition"] = revision }, cancellationToken)).Object("taskDefinition") ?? []);
            }
            catch (AwsServiceException gone) when (gone.ErrorCode == "ClientException")
            {
                reporter.Detail($"{revision.Split('/')[^1]} was deleted, so where its tasks logged is not known");
            }
        return [.. definitions.SelectMany(each => ForgottenTasks.FamiliesOf(each, name => options.Container is null || options.Container == name)).Distinct()];
    }

    private static IEnumerable<string> Names(IEnumerable<JsonObject> definitions) =>
        definitions.SelectMany(each => each.Objects("containerDefinitions")).Select(each => each.Text("name") ?? "").Distinct();
}

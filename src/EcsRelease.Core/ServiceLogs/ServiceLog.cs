using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;

namespace EcsRelease.ServiceLogs;

/// <summary>What of a service's log is wanted.</summary>
/// <param name="IsWanted">Whether a line is wanted, by its text.</param>
/// <param name="Since">Null = from the beginning of each task.</param>
/// <param name="Tail">Lines before those that are followed, at most; null = all.</param>
internal sealed record LogWish(string? Container, Func<string, bool> IsWanted, DateTimeOffset? Since, int? Tail);

/// <summary>The logs of all containers of a service's tasks as one, in the order of time; each event once. Tasks that
/// begin are read as they come, tasks that end until their last line.</summary>
internal sealed class ServiceLog(AmazonEcsClient ecs, LogCalls logs, ServiceTasks tasks, LogWish wish, Action<LogLine> onLine, IReporter reporter, TimeProvider time)
{
    private static readonly TimeSpan _betweenLooks = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _betweenLists = TimeSpan.FromSeconds(2);

    // A stream that is not there costs a call as one that is.
    private static readonly TimeSpan _beforeFirstLine = TimeSpan.FromSeconds(3);

    // A log that is written faster than it is read must not keep the others waiting.
    private const int PagesALook = 10;

    private readonly List<ContainerStream> _streams = [];
    private readonly Queue<JsonObject> _found = [];
    private readonly HashSet<string> _tasks = new(StringComparer.Ordinal);
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> _definitions = new(StringComparer.Ordinal);

    /// <summary>Ids of the tasks that ECS told of.</summary>
    public IReadOnlySet<string> Tasks => _tasks;

    /// <summary>Definitions of their revisions, as described.</summary>
    public IEnumerable<JsonObject> Definitions => _definitions.Values;

    /// <summary>A container was seen whose log can be read here.</summary>
    public bool HasStream { get; private set; }

    /// <exception cref="AwsServiceException"/>
    public async Task FindAsync(CancellationToken cancellationToken)
    {
        foreach (var task in await tasks.RefreshAsync(cancellationToken))
            _found.Enqueue(task);
        // ECS tells of each once: one that could not be taken is the next look's first.
        for (; _found.TryPeek(out var task); _found.Dequeue())
            await TakeAsync(task, cancellationToken);
    }

    /// <summary>What was logged until now, beside lines that were found otherwise.</summary>
    /// <exception cref="AwsServiceException"/>
    public async Task ReadAsync(IEnumerable<LogLine> others, CancellationToken cancellationToken)
    {
        List<LogLine> found = [.. others.Where(line => wish.IsWanted(line.Message))];
        foreach (var stream in _streams.ToList())
            found.AddRange(wish.Tail is { } tail ? await LastAsync(stream, tail, cancellationToken) : await NextAsync(stream, int.MaxValue, cancellationToken));
        Show(wish.Tail is { } most ? Sorted(found).TakeLast(most) : Sorted(found));
    }

    /// <summary>What is logged from now on, until it is cancelled.</summary>
    /// <exception cref="AwsServiceException"/>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        for (var listedAt = time.GetTimestamp(); ;)
        {
            await Task.Delay(_betweenLooks, time, cancellationToken);
            if (time.GetElapsedTime(listedAt) >= _betweenLists)
            {
                listedAt = time.GetTimestamp();
                await TryAsync(() => FindAsync(cancellationToken));
            }
            List<LogLine> found = [];
            foreach (var stream in _streams.Where(each => each.NextLook <= time.GetUtcNow()).ToList())
                found.AddRange(await NextAsync(stream, PagesALook, cancellationToken));
            Show(Sorted(found));
            _streams.RemoveAll(each => each.IsDrained(time.GetUtcNow()));
        }
    }

    private async Task TakeAsync(JsonObject task, CancellationToken cancellationToken)
    {
        var id = (task.Text("taskArn") ?? "").Split('/')[^1];
        var stoppedAt = task.Text("lastStatus") == "STOPPED" ? task.Time("stoppedAt") ?? time.GetUtcNow() : (DateTimeOffset?)null;
        if (_tasks.Contains(id))
        {
            // The task's own time may be a while ago; its last lines come from now on.
            foreach (var known in _streams.Where(each => each.Task == id && stoppedAt is not null))
                known.StoppedAt = time.GetUtcNow();
            return;
        }
        var revision = task.Text("taskDefinitionArn") ?? "";
        var definition = stoppedAt < wish.Since ? [] : await DefinitionAsync(revision, id, cancellationToken);
        _tasks.Add(id);
        foreach (var container in definition.Objects("containerDefinitions").Select(each => each.Text("name") ?? "").Where(IsWanted))
        {
            var place = LogPlace.Of(definition, container, id, task.Objects("containers").FirstOrDefault(each => each.Text("name") == container).Text("runtimeId"));
            if (place.Absence is { } absence)
            {
                SayOnce(Errors.LogElsewhere(container, absence));
                continue;
            }
            HasStream = true;
            _streams.Add(new(new(logs.Client, place.Group, place.Stream) { Since = wish.Since }, id, container, revision, task.Time("createdAt") ?? time.GetUtcNow()) { StoppedAt = stoppedAt });
        }
    }

    private async Task<JsonObject> DefinitionAsync(string revision, string task, CancellationToken cancellationToken)
    {
        if (_definitions.TryGetValue(revision, out var known))
            return known;
        try
        {
            return _definitions[revision] = (await ecs.DescribeTaskDefinitionAsync(new JsonObject { ["taskDefinition"] = revision }, cancellationToken)).Object("taskDefinition") ?? [];
        }
        catch (AwsServiceException gone) when (gone.ErrorCode == "ClientException")
        {
            reporter.Detail($"{revision.Split('/')[^1]} was deleted, so where its task {task} logged is not known");
            return _definitions[revision] = [];
        }
    }

    private bool IsWanted(string container) => wish.Container is null || wish.Container == container;

    private Task<IReadOnlyList<LogLine>> LastAsync(ContainerStream stream, int tail, CancellationToken cancellationToken) => ReadAsync(stream, async () =>
        await logs.CallAsync(_ => stream.Stream.LastAsync(tail, int.MaxValue, read => wish.IsWanted(read.Message), cancellationToken), cancellationToken));

    private Task<IReadOnlyList<LogLine>> NextAsync(ContainerStream stream, int maxPages, CancellationToken cancellationToken) => ReadAsync(stream, async () =>
    {
        List<LogEvent> found = [];
        var isEnd = false;
        for (var page = 0; !isEnd && page < maxPages; page++)
        {
            try
            {
                (var events, isEnd) = await logs.CallAsync(_ => stream.Stream.NextAsync(cancellationToken), cancellationToken);
                found.AddRange(events);
            }
            catch (AwsServiceException) when (found.Count > 0)
            {
                // These come only once; the next look meets the failure again.
                break;
            }
        }
        return found;
    });

    private async Task<IReadOnlyList<LogLine>> ReadAsync(ContainerStream stream, Func<Task<IReadOnlyList<LogEvent>>> read)
    {
        try
        {
            var found = await read();
            stream.Looked(found.Count);
            return [.. found.Where(each => wish.IsWanted(each.Message)).Select(stream.LineOf)];
        }
        catch (AwsServiceException absent) when (absent.ErrorCode == "ResourceNotFoundException")
        {
            // It has not logged yet; a group that is missing says so when its task ends.
            stream.Looked(0);
            stream.NextLook = time.GetUtcNow() + _beforeFirstLine;
            return [];
        }
        catch (AwsServiceException unread) when (!unread.IsAccessDenied)
        {
            SayOnce(Errors.LogUnread(stream.Container, stream.Task, $"{unread.Operation}: {unread.ErrorCode}: {unread.Message}"));
            stream.NextLook = time.GetUtcNow() + _beforeFirstLine;
            return [];
        }
    }

    // A listing that fails for a moment is made again.
    private static async Task TryAsync(Func<Task> list)
    {
        try
        {
            await list();
        }
        catch (AwsServiceException passing) when (passing.IsPassing)
        {
            return;
        }
    }

    // Lines of one moment stay in the order in which their container wrote them.
    private static IEnumerable<LogLine> Sorted(IEnumerable<LogLine> lines) => lines.OrderBy(line => line.At);

    private void Show(IEnumerable<LogLine> lines)
    {
        foreach (var line in lines)
            onLine(line);
    }

    private void SayOnce(Notice notice)
    {
        if (_said.Add(notice.Message))
            reporter.Warn(notice);
    }
}

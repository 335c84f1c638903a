using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>One event of a log.</summary>
/// <param name="At">When it was logged; null when CloudWatch Logs does not tell.</param>
internal sealed record LogEvent(DateTimeOffset? At, string Message)
{
    /// <summary>An event may be several lines.</summary>
    public IReadOnlyList<string> Lines => Message.TrimEnd().ReplaceLineEndings("\n").Split('\n');

    /// <param name="answered">Of GetLogEvents or FilterLogEvents; times are epoch milliseconds there.</param>
    public static LogEvent Of(JsonObject answered) => new(
        answered.Number("timestamp") is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds) : null, answered.Text("message") ?? "");
}

/// <summary>One log stream, read page by page (GetLogEvents): each event once, in the stream's own order.</summary>
internal sealed class LogStream(AmazonCloudWatchLogsClient logs, string group, string stream)
{
    private string? _next;

    /// <summary>Older events are passed over; null = from its beginning.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The next page. One that is short, or empty, need not be the last.</summary>
    /// <returns>The events, oldest first, and whether there are no more for now.</returns>
    /// <exception cref="AwsServiceException">ResourceNotFoundException: the container has not logged yet.</exception>
    public async Task<(IReadOnlyList<LogEvent> Events, bool IsEnd)> NextAsync(CancellationToken cancellationToken)
    {
        var request = Request(fromHead: true);
        if (_next is not null)
            request["nextToken"] = _next;
        var answer = await logs.GetLogEventsAsync(request, cancellationToken);
        // At the end the token that was sent comes back (API_GetLogEvents).
        var next = answer.Text("nextForwardToken");
        var isEnd = next is null || next == _next;
        _next = next ?? _next;
        return ([.. answer.Objects("events").Select(LogEvent.Of)], isEnd);
    }

    /// <summary>The newest events that are wanted, oldest first; the next page goes on after them.</summary>
    /// <param name="count">How many lines they have at most; one event more where its lines begin before.</param>
    /// <param name="maxPages">A log that never ends is not read to its beginning.</param>
    /// <exception cref="AwsServiceException"/>
    public async Task<IReadOnlyList<LogEvent>> LastAsync(int count, int maxPages, Func<LogEvent, bool> isWanted, CancellationToken cancellationToken)
    {
        List<LogEvent> found = [];
        string? token = null;
        for (var page = 0; page < maxPages && (page == 0 || found.Sum(each => each.Lines.Count) < count); page++)
        {
            var request = Request(fromHead: false);
            // Also where none is wanted it is found out what comes next.
            request["limit"] = Math.Clamp(count, 1, 10_000);
            if (token is not null)
                request["nextToken"] = token;
            var answer = await logs.GetLogEventsAsync(request, cancellationToken);
            if (page == 0)
                _next = answer.Text("nextForwardToken");
            found.InsertRange(0, answer.Objects("events").Select(LogEvent.Of).Where(isWanted));
            var next = answer.Text("nextBackwardToken");
            if (next is null || next == token)
                break;
            token = next;
        }
        return found;
    }

    private JsonObject Request(bool fromHead)
    {
        var request = new JsonObject { ["logGroupName"] = group, ["logStreamName"] = stream, ["startFromHead"] = fromHead };
        if (Since is { } since)
            request["startTime"] = since.ToUnixTimeMilliseconds();
        return request;
    }
}

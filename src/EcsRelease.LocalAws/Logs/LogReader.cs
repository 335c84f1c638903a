using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Logs;

/// <summary>CloudWatch Logs, the reading of events.</summary>
internal sealed class LogReader(LogDatabase database)
{
    private const int Most = 10_000;

    /// <summary>A page ends at 1 MB (API_GetLogEvents).</summary>
    private const int PageBytes = 1024 * 1024;

    public LogGroup Group(JsonObject input)
    {
        var name = input.Text("logGroupName") ?? NameOf(input.RequiredText("logGroupIdentifier"));
        return database.FindGroup(name) ?? throw new AwsException("ResourceNotFoundException", "The specified log group does not exist.");
    }

    public LogStream Stream(LogGroup group, string name) =>
        database.FindStream(group, name) ?? throw new AwsException("ResourceNotFoundException", "The specified log stream does not exist.");

    /// <summary>Without a token and startFromHead: the newest events. At the end the token that was sent comes back.</summary>
    public JsonObject GetLogEvents(JsonObject input)
    {
        var stream = Stream(Group(input), input.RequiredText("logStreamName"));
        var (forward, at) = input.Text("nextToken") is { } token
            ? LogPosition.Parse(token)
            : input.Flag("startFromHead") == true ? (true, new LogPosition(0, 0)) : (false, new LogPosition(long.MaxValue, long.MaxValue));
        // Exclusive here, inclusive in FilterLogEvents (API reference of both).
        var query = Query(input, [stream], forward, at, input.LongNumber("endTime") ?? long.MaxValue, Limit(input));
        var events = UpToPageSize(database.Events(query));
        if (!forward)
            events.Reverse();
        // An empty page stands where it was asked for; the very first forward one of an empty stream stands at its start.
        var first = events.Count > 0 ? new LogPosition(events[0].Timestamp, events[0].Id) : at;
        var last = events.Count > 0 ? new LogPosition(events[^1].Timestamp, events[^1].Id) : at == new LogPosition(long.MaxValue, long.MaxValue) ? default : at;
        return new JsonObject
        {
            ["events"] = new JsonArray([.. events.Select(one => new JsonObject
            {
                ["timestamp"] = one.Timestamp,
                ["message"] = one.Message,
                ["ingestionTime"] = one.Ingestion,
            })]),
            ["nextForwardToken"] = last.Token('f'),
            ["nextBackwardToken"] = first.Token('b'),
        };
    }

    public JsonObject FilterLogEvents(JsonObject input)
    {
        var group = Group(input);
        var names = input.Texts("logStreamNames");
        var prefix = input.Text("logStreamNamePrefix");
        if (names.Count > 0 && prefix is not null)
            throw new AwsException("InvalidParameterException", "Cannot specify both logStreamNames and logStreamNamePrefix");
        IReadOnlyList<LogStream> streams = names.Count > 0 ? [.. names.Select(name => Stream(group, name))] : database.Streams(group, prefix ?? "");
        var pattern = new FilterPattern(input.Text("filterPattern") ?? "");
        var limit = Limit(input);
        var at = input.Text("nextToken") is { } token ? LogPosition.Parse(token).At : default;

        var end = input.LongNumber("endTime") is { } endTime and < long.MaxValue ? endTime + 1 : long.MaxValue;
        var found = new List<LogEvent>();
        var more = true;
        while (more && found.Count < limit)
        {
            var page = database.Events(Query(input, streams, forward: true, at, end, Most));
            more = page.Count == Most;
            foreach (var one in page)
            {
                at = new LogPosition(one.Timestamp, one.Id);
                if (!pattern.Matches(one.Message))
                    continue;
                found.Add(one);
                if (found.Count < limit)
                    continue;
                more = true;
                break;
            }
        }

        return new JsonObject
        {
            ["events"] = new JsonArray([.. found.Select(one => new JsonObject
            {
                ["logStreamName"] = one.Stream,
                ["timestamp"] = one.Timestamp,
                ["message"] = one.Message,
                ["ingestionTime"] = one.Ingestion,
                ["eventId"] = one.Id.ToString("D56", System.Globalization.CultureInfo.InvariantCulture),
            })]),
            // No longer filled by AWS (API_FilterLogEvents), but still there.
            ["searchedLogStreams"] = new JsonArray(),
            ["nextToken"] = more ? at.Token('f') : null,
        };
    }

    private static LogQuery Query(JsonObject input, IEnumerable<LogStream> streams, bool forward, LogPosition at, long end, int limit) => new(
        new JsonArray([.. streams.Select(stream => (JsonNode)stream.Id)]).ToJsonString(),
        input.LongNumber("startTime") ?? 0,
        end,
        forward, at, limit);

    private static List<LogEvent> UpToPageSize(IReadOnlyList<LogEvent> events)
    {
        var bytes = 0;
        return [.. events.TakeWhile((one, index) => (bytes += one.Message.Length + 26) <= PageBytes || index == 0)];
    }

    private static int Limit(JsonObject input) => input.Number("limit") switch
    {
        null => Most,
        >= 1 and <= Most and var limit => limit,
        var limit => throw new AwsException("InvalidParameterException", $"1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must have value between 1 and {Most}"),
    };

    private static string NameOf(string identifier)
    {
        const string part = ":log-group:";
        var start = identifier.IndexOf(part, StringComparison.Ordinal);
        return start < 0 ? identifier : identifier[(start + part.Length)..].Replace(":*", "", StringComparison.Ordinal);
    }
}

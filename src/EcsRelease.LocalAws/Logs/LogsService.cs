using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Logs;

/// <summary>CloudWatch Logs (API Reference, 2014-03-28): groups, streams and the writing of events.</summary>
internal sealed partial class LogsService(LogDatabase database, LogReader reader, LocalAwsSettings settings, TimeProvider time) : IAwsJsonService
{
    private static readonly long[] Retentions = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

    public string TargetPrefix => "Logs_20140328";

    public Task<JsonObject> InvokeAsync(string operation, JsonObject input, AwsCaller caller, CancellationToken cancellationToken) =>
        Task.FromResult(operation switch
        {
            "CreateLogGroup" => CreateLogGroup(input),
            "DescribeLogGroups" => DescribeLogGroups(input),
            "DeleteLogGroup" => Changed(() => database.DeleteGroup(reader.Group(input))),
            "PutRetentionPolicy" => PutRetentionPolicy(input),
            "DeleteRetentionPolicy" => Changed(() => database.SetRetention(reader.Group(input), null)),
            "CreateLogStream" => CreateLogStream(input),
            "DescribeLogStreams" => DescribeLogStreams(input),
            "PutLogEvents" => PutLogEvents(input),
            "GetLogEvents" => reader.GetLogEvents(input),
            "FilterLogEvents" => reader.FilterLogEvents(input),
            _ => throw new AwsException("UnknownOperationException", $"The local AWS does not offer logs:{operation}."),
        });

    private JsonObject CreateLogGroup(JsonObject input)
    {
        var name = input.RequiredText("logGroupName");
        if (!GroupName().IsMatch(name))
            throw Invalid($"1 validation error detected: Value '{name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+");
        if (database.GroupExists(name))
            throw new AwsException("ResourceAlreadyExistsException", "The specified log group already exists");
        return Changed(() => database.CreateGroup(name));
    }

    private JsonObject DescribeLogGroups(JsonObject input)
    {
        var page = Page<LogGroup>.Of(database.Groups(input.Text("logGroupNamePrefix") ?? ""), group => group.Name, input.Text("nextToken"), Limit(input));
        return new JsonObject
        {
            ["logGroups"] = new JsonArray([.. page.Items.Select(group => new JsonObject
            {
                ["logGroupName"] = group.Name,
                ["creationTime"] = group.Created,
                ["retentionInDays"] = group.RetentionInDays,
                ["metricFilterCount"] = 0,
                ["arn"] = $"{Arn(group.Name)}:*",
                ["logGroupArn"] = Arn(group.Name),
                ["logGroupClass"] = "STANDARD",
                ["storedBytes"] = database.Streams(group).Sum(stream => stream.Bytes),
            })]),
            ["nextToken"] = page.NextToken,
        };
    }

    private JsonObject PutRetentionPolicy(JsonObject input)
    {
        var days = input.Number("retentionInDays");
        if (days is null || !Retentions.Contains(days.Value))
            throw Invalid($"1 validation error detected: Value '{days}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [{string.Join(", ", Retentions)}]");
        return Changed(() => database.SetRetention(reader.Group(input), days));
    }

    private JsonObject CreateLogStream(JsonObject input)
    {
        var group = reader.Group(input);
        var name = input.RequiredText("logStreamName");
        if (name.Length > 512 || name.AsSpan().ContainsAny(':', '*'))
            throw Invalid($"1 validation error detected: Value '{name}' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*");
        if (database.FindStream(group, name) is not null)
            throw new AwsException("ResourceAlreadyExistsException", "The specified log stream already exists");
        return Changed(() => database.CreateStream(group.Name, name));
    }

    private JsonObject DescribeLogStreams(JsonObject input)
    {
        var group = reader.Group(input);
        var byTime = input.Text("orderBy") == "LastEventTime";
        var page = Page<LogStream>.Of(
            database.Streams(group, input.Text("logStreamNamePrefix") ?? ""),
            stream => byTime ? string.Create(CultureInfo.InvariantCulture, $"{stream.Last ?? stream.Created:D19} {stream.Name}") : stream.Name,
            input.Text("nextToken"), Limit(input), descending: input.Flag("descending") == true);
        return new JsonObject
        {
            ["logStreams"] = new JsonArray([.. page.Items.Select(stream => new JsonObject
            {
                ["logStreamName"] = stream.Name,
                ["creationTime"] = stream.Created,
                ["firstEventTimestamp"] = stream.First,
                ["lastEventTimestamp"] = stream.Last,
                ["lastIngestionTime"] = stream.LastIngestion,
                ["arn"] = $"{Arn(group.Name)}:log-stream:{stream.Name}",
                // Always 0 on AWS since 2019-06 (API_LogStream).
                ["storedBytes"] = 0,
            })]),
            ["nextToken"] = page.NextToken,
        };
    }

    private JsonObject PutLogEvents(JsonObject input)
    {
        var stream = reader.Stream(reader.Group(input), input.RequiredText("logStreamName"));
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        const long twoHours = 2 * 3600 * 1000;
        const long fourteenDays = 14L * 24 * 3600 * 1000;
        var events = input.Objects("logEvents")
            .Select(one => (Timestamp: one.LongNumber("timestamp") ?? throw Invalid("timestamp is missing"), Message: one.RequiredText("message"))).ToList();
        if (events.Count is 0 or > 10_000)
            throw Invalid("1 validation error detected: Value at 'logEvents' failed to satisfy constraint: Member must have length between 1 and 10000");
        if (events.Zip(events.Skip(1)).Any(pair => pair.First.Timestamp > pair.Second.Timestamp))
            throw Invalid("Log events in a single PutLogEvents request must be in chronological order.");
        var tooOld = events.Count(one => one.Timestamp < now - fourteenDays);
        var tooNew = events.FindIndex(one => one.Timestamp > now + twoHours);
        database.Append(stream.Id, [.. events.Where(one => one.Timestamp >= now - fourteenDays && one.Timestamp <= now + twoHours)]);
        return new JsonObject
        {
            ["nextSequenceToken"] = now.ToString("D56", CultureInfo.InvariantCulture),
            ["rejectedLogEventsInfo"] = tooOld == 0 && tooNew < 0 ? null : new JsonObject
            {
                ["tooOldLogEventEndIndex"] = tooOld == 0 ? null : tooOld,
                ["tooNewLogEventStartIndex"] = tooNew < 0 ? null : tooNew,
            },
        };
    }

    private string Arn(string group) => $"arn:aws:logs:{settings.Region}:{settings.Account}:log-group:{group}";

    private static int Limit(JsonObject input) => input.Number("limit") switch
    {
        null => 50,
        >= 1 and <= 50 and var limit => limit,
        var limit => throw Invalid($"1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must have value between 1 and 50"),
    };

    private static JsonObject Changed(Action change)
    {
        change();
        return [];
    }

    private static AwsException Invalid(string message) => new("InvalidParameterException", message);

    [GeneratedRegex(@"^[.\-_/#A-Za-z0-9]{1,512}\z")]
    private static partial Regex GroupName();
}

using System.Globalization;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Logs;

/// <summary>A place between two events: after (forward) or before (backward) this one.</summary>
internal readonly record struct LogPosition(long Timestamp, long Id)
{
    public string Token(char direction) => string.Create(CultureInfo.InvariantCulture, $"{direction}/{Timestamp:D20}-{Id:D20}/s");

    public static (bool Forward, LogPosition At) Parse(string token)
    {
        var parts = token.Split('/');
        var numbers = parts.Length == 3 ? parts[1].Split('-') : [];
        return parts[0] is "f" or "b" && numbers.Length == 2
            && long.TryParse(numbers[0], NumberStyles.None, CultureInfo.InvariantCulture, out var timestamp)
            && long.TryParse(numbers[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? (parts[0] == "f", new LogPosition(timestamp, id))
            : throw new AwsException("InvalidParameterException", "The specified nextToken is invalid.");
    }
}

/// <param name="StreamIds">A JSON array of stream ids.</param>
/// <param name="Start">Epoch milliseconds, inclusive.</param>
/// <param name="End">Epoch milliseconds, exclusive.</param>
internal sealed record LogQuery(string StreamIds, long Start, long End, bool Forward, LogPosition At, int Limit)
{
    private const string Select = """
        SELECT e.id, s.name, e.timestamp, e.ingestion, e.message FROM events e JOIN streams s ON s.id=e.stream_id
        WHERE e.stream_id IN (SELECT value FROM json_each($streams)) AND e.timestamp>=$start AND e.timestamp<$end
        """;

    public string Sql => Forward
        ? Select + " AND (e.timestamp,e.id)>($timestamp,$id) ORDER BY e.timestamp, e.id LIMIT $limit"
        : Select + " AND (e.timestamp,e.id)<($timestamp,$id) ORDER BY e.timestamp DESC, e.id DESC LIMIT $limit";
}

using EcsRelease.LocalAws.State;
using Microsoft.Data.Sqlite;

namespace EcsRelease.LocalAws.Logs;

/// <param name="Created">Epoch milliseconds.</param>
internal sealed record LogGroup(long Id, string Name, long Created, long? RetentionInDays);

internal sealed record LogStream(long Id, string Name, long Created, long? First, long? Last, long? LastIngestion, long Bytes);

/// <param name="Timestamp">Epoch milliseconds.</param>
internal sealed record LogEvent(long Id, string Stream, long Timestamp, long Ingestion, string Message);

/// <summary>Groups, streams and events in a SQLite file of their own, since a chatty service writes far more than all else.</summary>
internal sealed class LogDatabase : ILogStore, IDisposable
{
    /// <summary>A stream keeps its newest events; the oldest are dropped in steps.</summary>
    public const int EventsPerStream = 20_000;

    /// <summary>A log event's limit on AWS (PutLogEvents: 1 MB); longer messages are cut.</summary>
    public const int MessageLimit = 1024 * 1024;

    private const int DropStep = 1_000;

    private const string Schema = """
        CREATE TABLE groups (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, created INTEGER NOT NULL, retention INTEGER);
        CREATE TABLE streams (id INTEGER PRIMARY KEY AUTOINCREMENT, group_id INTEGER NOT NULL REFERENCES groups(id) ON DELETE CASCADE,
            name TEXT NOT NULL, created INTEGER NOT NULL, UNIQUE (group_id, name));
        CREATE TABLE events (id INTEGER PRIMARY KEY AUTOINCREMENT, stream_id INTEGER NOT NULL REFERENCES streams(id) ON DELETE CASCADE,
            timestamp INTEGER NOT NULL, ingestion INTEGER NOT NULL, message TEXT NOT NULL);
        CREATE INDEX events_by_time ON events (stream_id, timestamp, id);
        """;

    private readonly Lock gate = new();
    private readonly SqliteFile file;
    private readonly TimeProvider time;
    private readonly Dictionary<long, int> sinceDrop = [];

    public LogDatabase(string path, TimeProvider time)
    {
        this.time = time;
        file = new SqliteFile(path, schema: 1, Schema);
    }

    public bool GroupExists(string group) => FindGroup(group) is not null;

    public void CreateGroup(string group)
    {
        lock (gate)
            file.Execute("INSERT INTO groups(name,created) VALUES($name,$now) ON CONFLICT DO NOTHING", ("$name", group), ("$now", Now));
    }

    public void CreateStream(string group, string stream)
    {
        var parent = FindGroup(group) ?? throw new InvalidOperationException($"The log group \"{group}\" does not exist.");
        lock (gate)
        {
            file.Execute(
                "INSERT INTO streams(group_id,name,created) VALUES($group,$name,$now) ON CONFLICT DO NOTHING",
                ("$group", parent.Id), ("$name", stream), ("$now", Now));
        }
    }

    public void Append(string group, string stream, DateTimeOffset timestamp, string message)
    {
        lock (gate)
        {
            var id = file.Scalar(
                "SELECT s.id FROM streams s JOIN groups g ON g.id=s.group_id WHERE g.name=$group AND s.name=$stream",
                ("$group", group), ("$stream", stream));
            // A group that was deleted under a running task swallows its lines, as on AWS.
            if (id is long found)
                Append(found, [(timestamp.ToUnixTimeMilliseconds(), message)]);
        }
    }

    public void Append(long stream, IReadOnlyList<(long Timestamp, string Message)> events)
    {
        lock (gate)
        {
            var now = Now;
            file.Execute("BEGIN IMMEDIATE");
            foreach (var (timestamp, message) in events)
            {
                file.Execute(
                    "INSERT INTO events(stream_id,timestamp,ingestion,message) VALUES($stream,$timestamp,$now,$message)",
                    ("$stream", stream), ("$timestamp", timestamp), ("$now", now),
                    ("$message", message.Length > MessageLimit ? message[..MessageLimit] : message));
            }

            file.Execute("COMMIT");
            DropOldest(stream, events.Count);
        }
    }

    public LogGroup? FindGroup(string name) => Groups(name).FirstOrDefault(group => group.Name == name);

    public IReadOnlyList<LogGroup> Groups(string prefix = "")
    {
        lock (gate)
        {
            return file.Query(
                row => new LogGroup(row.GetInt64(0), row.GetString(1), row.GetInt64(2), Optional(row, 3)),
                "SELECT id,name,created,retention FROM groups WHERE substr(name,1,length($prefix))=$prefix ORDER BY name",
                ("$prefix", prefix));
        }
    }

    public void SetRetention(LogGroup group, long? days)
    {
        lock (gate)
            file.Execute("UPDATE groups SET retention=$days WHERE id=$id", ("$days", days), ("$id", group.Id));
    }

    public void DeleteGroup(LogGroup group)
    {
        lock (gate)
            file.Execute("DELETE FROM groups WHERE id=$id", ("$id", group.Id));
    }

    public LogStream? FindStream(LogGroup group, string name) => Streams(group, name).FirstOrDefault(stream => stream.Name == name);

    public IReadOnlyList<LogStream> Streams(LogGroup group, string prefix = "")
    {
        lock (gate)
        {
            return file.Query(
                row => new LogStream(row.GetInt64(0), row.GetString(1), row.GetInt64(2), Optional(row, 3), Optional(row, 4), Optional(row, 5), row.GetInt64(6)),
                """
                SELECT s.id, s.name, s.created, min(e.timestamp), max(e.timestamp), max(e.ingestion), coalesce(sum(length(e.message)), 0)
                FROM streams s LEFT JOIN events e ON e.stream_id=s.id
                WHERE s.group_id=$group AND substr(s.name,1,length($prefix))=$prefix GROUP BY s.id ORDER BY s.name
                """,
                ("$group", group.Id), ("$prefix", prefix));
        }
    }

    public IReadOnlyList<LogEvent> Events(LogQuery query)
    {
        lock (gate)
        {
            return file.Query(
                row => new LogEvent(row.GetInt64(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetString(4)),
                query.Sql,
                ("$streams", query.StreamIds), ("$start", query.Start), ("$end", query.End),
                ("$timestamp", query.At.Timestamp), ("$id", query.At.Id), ("$limit", query.Limit));
        }
    }

    public void Dispose()
    {
        lock (gate)
            file.Dispose();
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private void DropOldest(long stream, int added)
    {
        var count = sinceDrop.GetValueOrDefault(stream) + added;
        sinceDrop[stream] = count;
        if (count < DropStep)
            return;
        sinceDrop[stream] = 0;
        file.Execute(
            "DELETE FROM events WHERE id IN (SELECT id FROM events WHERE stream_id=$stream ORDER BY timestamp DESC, id DESC LIMIT -1 OFFSET $kept)",
            ("$stream", stream), ("$kept", EventsPerStream));
    }

    private static long? Optional(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}

using System.Text.Json.Nodes;

namespace EcsRelease.LocalAws.State;

/// <summary>The documents in one SQLite file; every call holds one lock, so transactions exclude each other.</summary>
public sealed class SqliteDocumentStore : IDocumentStore, IDisposable
{
    private const string Schema = """
        CREATE TABLE documents (kind TEXT NOT NULL, key TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
        CREATE TABLE sequences (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        """;

    private readonly Lock gate = new();
    private readonly SqliteFile file;
    private int depth;

    public SqliteDocumentStore(string path) => file = new SqliteFile(path, schema: 1, Schema);

    public JsonObject? Get(string kind, string key)
    {
        lock (gate)
        {
            return file.Scalar("SELECT json FROM documents WHERE kind=$kind AND key=$key", ("$kind", kind), ("$key", key)) is string json
                ? Parse(json)
                : null;
        }
    }

    public IReadOnlyList<JsonObject> List(string kind, string keyPrefix = "")
    {
        lock (gate)
        {
            return file.Query(
                reader => Parse(reader.GetString(0)),
                "SELECT json FROM documents WHERE kind=$kind AND key>=$prefix AND key<$end ORDER BY key",
                ("$kind", kind),
                ("$prefix", keyPrefix),
                ("$end", EndOf(keyPrefix)));
        }
    }

    public bool Any(string kind, string keyPrefix)
    {
        lock (gate)
        {
            return file.Scalar(
                "SELECT 1 FROM documents WHERE kind=$kind AND key>=$prefix AND key<$end LIMIT 1", ("$kind", kind), ("$prefix", keyPrefix), ("$end", EndOf(keyPrefix))) is not null;
        }
    }

    public void Put(string kind, string key, JsonObject document)
    {
        lock (gate)
        {
            file.Execute(
                "INSERT INTO documents(kind,key,json) VALUES($kind,$key,$json) ON CONFLICT(kind,key) DO UPDATE SET json=excluded.json",
                ("$kind", kind),
                ("$key", key),
                ("$json", document.ToJsonString()));
        }
    }

    public bool Delete(string kind, string key)
    {
        lock (gate)
            return file.Execute("DELETE FROM documents WHERE kind=$kind AND key=$key", ("$kind", kind), ("$key", key)) > 0;
    }

    public long Next(string sequence)
    {
        lock (gate)
        {
            return (long)file.Scalar(
                "INSERT INTO sequences(name,value) VALUES($name,1) ON CONFLICT(name) DO UPDATE SET value=value+1 RETURNING value",
                ("$name", sequence))!;
        }
    }

    public T InTransaction<T>(Func<T> work)
    {
        lock (gate)
        {
            var savepoint = $"s{depth}";
            file.Execute(depth == 0 ? "BEGIN IMMEDIATE" : $"SAVEPOINT {savepoint}");
            depth++;
            var done = false;
            try
            {
                var result = work();
                file.Execute(depth == 1 ? "COMMIT" : $"RELEASE {savepoint}");
                done = true;
                return result;
            }
            finally
            {
                depth--;
                if (!done)
                    file.Execute(depth == 0 ? "ROLLBACK" : $"ROLLBACK TO {savepoint}; RELEASE {savepoint}");
            }
        }
    }

    public void Dispose()
    {
        lock (gate)
            file.Dispose();
    }

    // The highest character: no key goes on with it.
    private static string EndOf(string keyPrefix) => keyPrefix + "\U0010FFFF";

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}

using Microsoft.Data.Sqlite;

namespace EcsRelease.LocalAws.State;

/// <summary>
/// One SQLite file and one connection to it. The caller serialises the calls. Write-ahead log with
/// synchronous=NORMAL: a committed write is with the operating system and survives kill -9 of this process;
/// only a crash of the machine may lose the last ones (https://sqlite.org/pragma.html#pragma_synchronous).
/// </summary>
internal sealed class SqliteFile : IDisposable
{
    private const int NotADatabase = 26;
    private const int Corrupt = 11;

    private readonly SqliteConnection connection;

    public SqliteFile(string file, long schema, string createSchema)
    {
        if (!File.Exists(file))
            StateFolder.OpenPrivate(file, FileMode.CreateNew, FileShare.None).Dispose();
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=5000;");
            var found = (long)Scalar("PRAGMA user_version;")!;
            if (found > schema)
                throw LocalAwsException.StateNewer(file, found, schema);
            if (found == 0)
                Execute($"BEGIN; {createSchema} PRAGMA user_version={schema}; COMMIT;");
            if (Scalar("PRAGMA quick_check(1);") is not "ok")
                throw LocalAwsException.StateDamaged(file, "the check of its pages failed.");
        }
        catch (SqliteException e) when (e.SqliteErrorCode is NotADatabase or Corrupt)
        {
            connection.Dispose();
            throw LocalAwsException.StateDamaged(file, e.Message, e);
        }
        catch (LocalAwsException)
        {
            connection.Dispose();
            throw;
        }
    }

    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    public object? Scalar(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteScalar();
    }

    public List<T> Query<T>(Func<SqliteDataReader, T> read, string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    public void Dispose() => connection.Dispose();

    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // Every text is a constant of this assembly; values go as parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}

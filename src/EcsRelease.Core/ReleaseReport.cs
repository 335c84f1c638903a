namespace EcsRelease;

/// <summary>Writes the release record to the file that EcsReleaseRecord names, and what GitHub Actions shows and hands on.</summary>
public static class ReleaseReport
{
    /// <returns>Full path of the file; null when there is to be none. A relative one starts at the project's folder.</returns>
    public static string? FileOf(ReleaseOptions options, ProjectInfo? project, string service) =>
        options.RecordFile is { } path
            ? Path.GetFullPath(path.Replace("{service}", service, StringComparison.Ordinal), project?.Directory ?? Environment.CurrentDirectory)
            : null;

    /// <summary>A file that cannot be written is a warning: how the release ended is not changed by it.</summary>
    /// <param name="project">The project that was released; null for a verb that has none.</param>
    public static void Write(ReleaseRecord record, ReleaseOptions options, ProjectInfo? project, Action<Notice> warn) => Write([record], options, project, warn);

    /// <summary>The same of several services at once: a record and a summary each, one outcome of all.</summary>
    public static void Write(IReadOnlyList<ReleaseRecord> records, ReleaseOptions options, ProjectInfo? project, Action<Notice> warn)
    {
        foreach (var record in records)
            TryWrite(() => WriteOne(record, options, project), warn);
        TryWrite(() => GitHubActions.WriteOutputs(records), warn);
    }

    /// <summary>The same of one run that released several services of several projects: a record each, one summary.</summary>
    /// <param name="wanted">Of each record.</param>
    public static void Write(IReadOnlyList<ReleaseRecord> records, IReadOnlyList<WantedRelease> wanted, Action<Notice> warn)
    {
        foreach (var (record, of) in records.Zip(wanted))
            TryWrite(() =>
            {
                if (FileOf(of.Options, of.Project, of.Service) is { } file)
                    WriteRecord(record, file);
            }, warn);
        TryWrite(() => GitHubActions.WriteSummary(records), warn);
        TryWrite(() => GitHubActions.WriteOutputs(records), warn);
    }

    /// <summary>Those that decide how a run ended: what was left alone because of others does not, where others failed.</summary>
    public static IReadOnlyList<ReleaseRecord> Deciding(IReadOnlyList<ReleaseRecord> records) =>
        records.Where(record => record.Code is not ("ECSR5285" or "ECSR5286")).ToList() is { Count: > 0 } deciding ? deciding : records;

    private static void WriteOne(ReleaseRecord record, ReleaseOptions options, ProjectInfo? project)
    {
        var service = record.Service ?? project?.AssemblyName ?? "";
        if (FileOf(options, project, service) is { } file)
            WriteRecord(record, file);
        GitHubActions.WriteSummary(record, service);
    }

    private static void TryWrite(Action write, Action<Notice> warn)
    {
        try
        {
            write();
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            warn(Errors.RecordNotWritten(cause.Message));
        }
    }

    private static void WriteRecord(ReleaseRecord record, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, record.ToJson() + "\n");
    }
}

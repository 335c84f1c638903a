namespace EcsRelease;

/// <summary>Writes the release record to the file that EcsReleaseRecord names, and what GitHub Actions shows and hands on.</summary>
public static class ReleaseReport
{
    /// <param name="project">The project that was released; null for a verb that has none.</param>
    public static void Write(ReleaseRecord record, ReleaseOptions options, ProjectInfo? project)
    {
        var service = record.Service ?? project?.AssemblyName ?? "";
        if (options.RecordFile is { } path)
        {
            var file = Path.GetFullPath(path.Replace("{service}", service, StringComparison.Ordinal), project?.Directory ?? Environment.CurrentDirectory);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, record.ToJson() + "\n");
        }
        GitHubActions.Write(record, service);
    }
}

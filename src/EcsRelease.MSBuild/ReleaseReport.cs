namespace EcsRelease.MSBuild;

/// <summary>Writes the release record to the file that EcsReleaseRecord names, and what GitHub Actions shows and hands on.</summary>
internal static class ReleaseReport
{
    public static void Write(ReleaseRecord record, ReleaseOptions options, ProjectInfo project)
    {
        if (options.RecordFile is { } path)
        {
            var file = Path.GetFullPath(path.Replace("{service}", record.Service ?? project.AssemblyName, StringComparison.Ordinal), project.Directory);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, record.ToJson() + "\n");
        }
        GitHubActions.Write(record, project);
    }
}

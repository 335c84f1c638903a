namespace EcsRelease.Tool.Projects;

/// <summary>Finds the project that is meant.</summary>
internal static class ProjectSearch
{
    private static readonly string[] Extensions = [".csproj", ".fsproj", ".vbproj"];

    /// <param name="path">A project file, or a directory with exactly one.</param>
    /// <returns>Full path of the project file.</returns>
    /// <exception cref="EcsReleaseException">ECSR1008.</exception>
    public static string Find(string path, string currentDirectory)
    {
        var full = Path.GetFullPath(path, currentDirectory);
        if (File.Exists(full))
            return IsProject(full) ? full : throw Errors.ProjectNotFound(full, "it is not a project file");
        if (!Directory.Exists(full))
            throw Errors.ProjectNotFound(full, "there is no such file or directory");
        return Directory.GetFiles(full).Where(IsProject).Order(StringComparer.Ordinal).ToArray() switch
        {
            [var only] => only,
            [] => throw Errors.ProjectNotFound(full, "the directory holds no project file"),
            var several => throw Errors.ProjectNotFound(full, "the directory holds " + string.Join(", ", several.Select(Path.GetFileName))),
        };
    }

    private static bool IsProject(string file) => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);
}

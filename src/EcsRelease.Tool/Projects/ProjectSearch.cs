using System.Text.RegularExpressions;

namespace EcsRelease.Tool.Projects;

/// <summary>Finds the project that is meant.</summary>
internal static partial class ProjectSearch
{
    private static readonly string[] Extensions = [".csproj", ".fsproj", ".vbproj"];

    /// <param name="path">A project file, or a directory with exactly one.</param>
    /// <returns>Full path of the project file.</returns>
    /// <exception cref="EcsReleaseException">ECSR1008, 1013.</exception>
    public static string Find(string path, string currentDirectory)
    {
        var full = Path.GetFullPath(path, currentDirectory);
        if (File.Exists(full) && Path.GetExtension(full).ToUpperInvariant() is ".SLN" or ".SLNX")
            throw Errors.SolutionNotOffered(full, ProjectsOf(full, currentDirectory));
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

    private static string[] ProjectsOf(string solution, string currentDirectory) =>
    [
        .. ProjectPath().Matches(File.ReadAllText(solution))
            .Select(match => Path.GetFullPath(match.Groups[1].Value.Replace('\\', '/'), Path.GetDirectoryName(solution)!))
            .Select(project => Path.GetRelativePath(currentDirectory, project)),
    ];

    // Both formats hold the path of each project in double quotes.
    [GeneratedRegex("\"([^\"]+\\.(?:cs|fs|vb)proj)\"", RegexOptions.IgnoreCase)]
    private static partial Regex ProjectPath();

    private static bool IsProject(string file) => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);
}

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
        if (File.Exists(full) && IsSolution(full))
            throw Errors.SolutionNotOffered(full, [.. ProjectsOf(full).Select(project => Path.GetRelativePath(currentDirectory, project))]);
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

    /// <summary>The solution that a path means.</summary>
    /// <param name="path">A solution, or a directory with exactly one and no project.</param>
    /// <returns>Its full path; null when the path means a project.</returns>
    public static string? FindSolution(string path, string currentDirectory)
    {
        var full = Path.GetFullPath(path, currentDirectory);
        if (File.Exists(full))
            return IsSolution(full) ? full : null;
        return Directory.Exists(full) && !Directory.GetFiles(full).Any(IsProject) && Directory.GetFiles(full).Where(IsSolution).ToArray() is [var only] ? only : null;
    }

    /// <summary>Full paths of the projects of a solution, in its order.</summary>
    public static IReadOnlyList<string> ProjectsOf(string solution) =>
    [
        .. ProjectPath().Matches(File.ReadAllText(solution))
            .Select(match => Path.GetFullPath(match.Groups[1].Value.Replace('\\', '/'), Path.GetDirectoryName(solution)!))
            .Distinct(),
    ];

    private static bool IsSolution(string file) => Path.GetExtension(file).ToUpperInvariant() is ".SLN" or ".SLNX";

    // Both formats hold the path of each project in double quotes.
    [GeneratedRegex("\"([^\"]+\\.(?:cs|fs|vb)proj)\"", RegexOptions.IgnoreCase)]
    private static partial Regex ProjectPath();

    private static bool IsProject(string file) => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);
}

using System.Runtime.CompilerServices;

namespace EcsRelease.Tests.Tool;

internal static class RepositoryFiles
{
    /// <summary>Full path of the repository that these tests were compiled from.</summary>
    public static string Root([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}

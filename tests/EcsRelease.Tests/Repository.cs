using System.Runtime.CompilerServices;

namespace EcsRelease.Tests;

/// <summary>The checkout that these tests were compiled from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find([CallerFilePath] string file = "")
    {
        var folder = Path.GetDirectoryName(File.Exists(file) ? file : AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder, "EcsRelease.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("EcsRelease.sln is not above the tests");
    }
}

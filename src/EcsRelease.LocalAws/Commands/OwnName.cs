namespace EcsRelease.LocalAws.Commands;

/// <summary>What the user types to run this program again.</summary>
internal static class OwnName
{
    /// <summary>Set by a program that runs this one for its own command, as `ecs-release local` does.</summary>
    public const string Variable = "ECS_RELEASE_LOCAL_COMMAND";

    private const string Program = "ecs-release-local";

    public static string Find(Func<string, string?> environment)
    {
        if (environment(Variable) is { Length: > 0 } told)
            return told;
        var host = Environment.ProcessPath ?? Program;
        if (Path.GetFileNameWithoutExtension(host) == "dotnet")
            return $"dotnet {Quoted(Path.Combine(AppContext.BaseDirectory, Program + ".dll"))}";
        var folders = (environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return folders.Any(folder => File.Exists(Path.Combine(folder, Path.GetFileName(host)))) ? Program : Quoted(host);
    }

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"'{path}'" : path;
}

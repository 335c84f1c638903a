namespace EcsRelease.Aws.Targets;

/// <summary>How to start the local AWS: its program, and where it was found.</summary>
public sealed record LocalAwsCommand(string FileName, IReadOnlyList<string> Arguments, string WorkingDirectory);

/// <summary>Looks for the program of the local AWS: the variable ECS_RELEASE_LOCAL_PROGRAM, this source tree, an
/// installed tool, and at last a package, run without being installed.</summary>
public sealed class LocalAwsProgram(Func<string, string?> environment, string engineDirectory, string workingDirectory)
{
    private const string Program = "ecs-release-local";

    /// <param name="project">Its folder's nuget.config says where the package comes from.</param>
    public static LocalAwsProgram Of(ProjectInfo? project) =>
        new(Environment.GetEnvironmentVariable, Path.GetDirectoryName(typeof(LocalAwsProgram).Assembly.Location) is { Length: > 0 } folder ? folder : AppContext.BaseDirectory,
            project?.Directory ?? Environment.CurrentDirectory);

    /// <exception cref="EcsReleaseException">ECSR6001.</exception>
    public LocalAwsCommand Find() =>
        OfVariable() ?? OfSourceTree() ?? OfInstalledTool() ?? Command(DotNet, "tool", "exec", $"EcsRelease.Local@{EngineVersion.Current}", "--yes", "--");

    private LocalAwsCommand? OfVariable()
    {
        if (environment("ECS_RELEASE_LOCAL_PROGRAM") is not { Length: > 0 } path)
            return null;
        return File.Exists(path) ? OfFile(path) : throw Errors.LocalAwsMissing($"ECS_RELEASE_LOCAL_PROGRAM is '{path}', which does not exist");
    }

    private LocalAwsCommand? OfSourceTree()
    {
        for (var folder = new DirectoryInfo(engineDirectory); folder is not null; folder = folder.Parent)
        {
            var project = Path.Combine(folder.FullName, "src", "EcsRelease.LocalAws");
            if (!File.Exists(Path.Combine(project, "EcsRelease.LocalAws.csproj")))
                continue;
            var built = Configurations.Select(configuration => Path.Combine(project, "bin", configuration, "net10.0", Program + ".dll")).FirstOrDefault(File.Exists);
            return built is not null
                ? OfFile(built)
                : throw Errors.LocalAwsMissing($"it is not built in '{project}'", $"dotnet build {ShellWord.Of(project)}");
        }
        return null;
    }

    private LocalAwsCommand? OfInstalledTool()
    {
        var home = environment("HOME") ?? environment("USERPROFILE") ?? "";
        var name = OperatingSystem.IsWindows() ? Program + ".exe" : Program;
        var folders = (environment("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Append(Path.Combine(home, ".dotnet", "tools"));
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is { } found ? Command(found) : null;
    }

    private LocalAwsCommand OfFile(string path) => path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? Command(DotNet, path) : Command(path);

    private LocalAwsCommand Command(string fileName, params string[] arguments) => new(fileName, arguments, workingDirectory);

    private string DotNet =>
        Environment.ProcessPath is { } own && Path.GetFileNameWithoutExtension(own).Equals("dotnet", StringComparison.OrdinalIgnoreCase) ? own
        : environment("DOTNET_HOST_PATH") is { Length: > 0 } host ? host
        : "dotnet";

#if DEBUG
    private static IReadOnlyList<string> Configurations => ["Debug", "Release"];
#else
    private static IReadOnlyList<string> Configurations => ["Release", "Debug"];
#endif
}

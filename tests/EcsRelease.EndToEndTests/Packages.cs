using System.Reflection;

namespace EcsRelease.EndToEndTests;

/// <summary>The packages, packed once per run from what is built already, and the folders that all tests of a run share:
/// one NuGet cache (a cache of the machine would keep an old package of the same version) and one home of the local AWS.</summary>
[SetUpFixture]
public sealed class Packages
{
    private static string _root = "";

    /// <summary>The folder that is the only package source of the generated projects.</summary>
    internal static string Source { get; private set; } = "";

    /// <summary>Version of EcsRelease, EcsRelease.Tool and EcsRelease.Local.</summary>
    internal static string Version { get; private set; } = "";

    internal static string Tools { get; private set; } = "";

    internal static IReadOnlyDictionary<string, string> Environment { get; private set; } = new Dictionary<string, string>();

    internal static string RepositoryRoot => Metadata("RepositoryRoot");

    [OneTimeSetUp]
    public async Task Pack()
    {
        _root = Directory.CreateTempSubdirectory("ecs-release-e2e-").FullName;
        Source = Path.Combine(_root, "packages");
        Tools = Path.Combine(_root, "tools");
        Environment = new Dictionary<string, string>
        {
            ["PATH"] = Tools + Path.PathSeparator + System.Environment.GetEnvironmentVariable("PATH"),
            ["HOME"] = Directory.CreateDirectory(Path.Combine(_root, "home")).FullName,
            ["TMPDIR"] = Path.GetTempPath(),
            ["TEMP"] = Path.GetTempPath(),
            ["SystemRoot"] = System.Environment.GetEnvironmentVariable("SystemRoot") ?? "",
            ["DOTNET_ROOT"] = System.Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "",
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
            ["NUGET_PACKAGES"] = Path.Combine(_root, "nuget"),
            // Programs that outlive their command would outlive the test run.
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
            ["UseSharedCompilation"] = "false",
            ["ECS_RELEASE_HOME"] = Path.Combine(_root, "state"),
            ["GIT_CONFIG_GLOBAL"] = GitConfig(),
            ["GIT_CONFIG_NOSYSTEM"] = "1",
        }.Where(variable => variable.Value.Length > 0).ToDictionary();

        foreach (var project in new[] { "EcsRelease.MSBuild", "EcsRelease.Tool", "EcsRelease.LocalAws" })
            (await DotnetAsync(RepositoryRoot, "pack", Path.Combine("src", project), "--no-build", "-c", Metadata("Configuration"), "-o", Source, "-v", "q")).Succeeded();
        Version = Path.GetFileName(Directory.GetFiles(Source, "EcsRelease.Tool.*.nupkg").Single())["EcsRelease.Tool.".Length..^".nupkg".Length];
        foreach (var tool in new[] { "EcsRelease.Tool", "EcsRelease.Local" })
            (await DotnetAsync(_root, "tool", "install", tool, "--version", Version, "--source", Source, "--tool-path", Tools)).Succeeded();
    }

    [OneTimeTearDown]
    public async Task StopAndDelete()
    {
        try
        {
            if (Directory.Exists(Path.Combine(_root, "state")))
                (await Command.RunAsync(Path.Combine(Tools, "ecs-release-local"), ["down"], _root, Environment)).Succeeded();
        }
        finally
        {
            Directory.Delete(_root, recursive: true);
        }
    }

    internal static Task<CommandResult> DotnetAsync(string directory, params string[] arguments) =>
        Command.RunAsync("dotnet", arguments, directory, Environment);

    internal static string NewFolder(string name) => Directory.CreateDirectory(Path.Combine(_root, "projects", $"{name}-{Guid.NewGuid().ToString("N")[..8]}")).FullName;

    private static string GitConfig()
    {
        var file = Path.Combine(_root, "gitconfig");
        File.WriteAllText(file, "[user]\n\tname = Tester\n\temail = tester@example.com\n[init]\n\tdefaultBranch = main\n");
        return file;
    }

    private static string Metadata(string key) =>
        typeof(Packages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}

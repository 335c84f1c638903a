using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Options;

namespace EcsRelease.Tool.Projects;

/// <summary>A project as MSBuild evaluates it for a publish.</summary>
internal sealed record EvaluatedProject
{
    public required ProjectInfo Info { get; init; }

    public required OptionText Options { get; init; }

    /// <summary>The switches that were used, the framework of a project that has one in the plural included.</summary>
    public required BuildSwitches Switches { get; init; }

    /// <summary>Full path of the folder for intermediate files (obj/Release/net10.0/).</summary>
    public required string IntermediateDirectory { get; init; }
}

/// <summary>Reads a project's options and inputs through `dotnet msbuild`, so that a project is configured once.</summary>
internal static class ProjectReader
{
    private static readonly string[] Facts =
    [
        "TargetFramework", "TargetFrameworks", "AssemblyName", "OutputType", "RuntimeIdentifier", "UserSecretsId", "SourceRevisionId",
        "IntermediateOutputPath", "ProjectAssetsFile", "DirectoryBuildPropsPath", "DirectoryBuildTargetsPath", "WebPublishProfileFile",
        "EcsReleaseVersion", "EcsSkip", "IsTestProject", "IsPublishable",
    ];

    private static readonly string[] InputItems = ["Compile", "EmbeddedResource", "Content", "None"];

    /// <exception cref="EcsReleaseException">ECSR1001 and 1003 a mistyped name in a project file, ECSR1008 not an executable, ECSR1009 MSBuild fails, ECSR1011 several frameworks, ECSR1014 another major version of the package.</exception>
    public static async Task<EvaluatedProject> ReadAsync(string projectFile, BuildSwitches switches, IReporter reporter, CancellationToken cancellationToken)
    {
        var (answer, chosen) = await LoadAsync(projectFile, switches, reporter, cancellationToken).ConfigureAwait(false);
        return IsExecutable(answer)
            ? Read(projectFile, chosen, answer)
            : throw Errors.ProjectNotFound(projectFile, $"it builds a {answer.Property("OutputType").ToLowerInvariant()}, not an executable");
    }

    /// <summary>One project of a solution.</summary>
    /// <returns>Null when it is none to release, by the rule of build/EcsRelease.targets.</returns>
    public static async Task<EvaluatedProject?> ReadOfSolutionAsync(string projectFile, BuildSwitches switches, IReporter reporter, CancellationToken cancellationToken)
    {
        var (answer, chosen) = await LoadAsync(projectFile, switches, reporter, cancellationToken).ConfigureAwait(false);
        return IsExecutable(answer) && !Is("EcsSkip", "true") && !Is("IsTestProject", "true") && !Is("IsPublishable", "false") ? Read(projectFile, chosen, answer) : null;

        bool Is(string property, string word) => answer.Property(property).Equals(word, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsExecutable(MSBuildAnswer answer) => answer.Property("OutputType") is "Exe" or "WinExe";

    private static async Task<(MSBuildAnswer Answer, BuildSwitches Switches)> LoadAsync(string projectFile, BuildSwitches switches, IReporter reporter, CancellationToken cancellationToken)
    {
        var answer = await EvaluateAsync(projectFile, switches, reporter, cancellationToken).ConfigureAwait(false);
        if (answer.Property("TargetFramework").Length == 0)
        {
            switches = switches with { Framework = OnlyFramework(projectFile, answer.Property("TargetFrameworks")) };
            answer = await EvaluateAsync(projectFile, switches, reporter, cancellationToken).ConfigureAwait(false);
        }
        // What packages bring (properties, items) is there only after a restore.
        if (!File.Exists(answer.Property("ProjectAssetsFile")))
        {
            await RestoreAsync(projectFile, switches, reporter, cancellationToken).ConfigureAwait(false);
            answer = await EvaluateAsync(projectFile, switches, reporter, cancellationToken).ConfigureAwait(false);
        }
        return (answer, switches);
    }

    private static EvaluatedProject Read(string projectFile, BuildSwitches switches, MSBuildAnswer answer)
    {
        RefuseOtherMajor(projectFile, answer.Property("EcsReleaseVersion"));
        // MSBuild evaluates <EcsClster> without a word.
        string[] settings = [projectFile, answer.Property("DirectoryBuildPropsPath"), answer.Property("DirectoryBuildTargetsPath"), answer.Property("WebPublishProfileFile")];
        if (SettingsScan.Mistakes(settings).FirstOrDefault() is { } mistake)
            throw mistake.Error;
        return new EvaluatedProject
        {
            Info = Info(projectFile, switches, answer),
            Options = Options(switches, answer),
            Switches = switches,
            IntermediateDirectory = Path.GetFullPath(Native(answer.Property("IntermediateOutputPath")), Path.GetDirectoryName(projectFile)!),
        };
    }

    /// <param name="package">What the package's props state; empty without the package.</param>
    private static void RefuseOtherMajor(string projectFile, string package)
    {
        var tool = EngineVersion.Current;
        if (package.Length == 0 || Major(package) == Major(tool))
            return;
        var isToolOlder = int.TryParse(Major(package), out var theirs) && int.TryParse(Major(tool), out var ours) && ours < theirs;
        throw Errors.PackageVersionDiffers(projectFile, package, tool, isToolOlder
            ? $"dotnet tool update --global EcsRelease.Tool --version {ShellWord.Of(package)}"
            : $"dotnet add {ShellWord.Of(projectFile)} package EcsRelease --version {tool}");
    }

    private static string Major(string version) => version.Split('.')[0];

    private static async Task<MSBuildAnswer> EvaluateAsync(string projectFile, BuildSwitches switches, IReporter reporter, CancellationToken cancellationToken)
    {
        var (answer, run) = await MSBuildAnswer.AskAsync(
            projectFile,
            switches.Arguments(),
            [.. Facts.Concat(ImageInputNames.Properties).Concat(OptionReader.All.Select(option => option.Property).OfType<string>()).Distinct()],
            [.. InputItems.Concat(ImageInputNames.Items.Keys).Concat(OptionReader.All.Select(option => option.Item).OfType<string>())],
            BuildOutput(reporter),
            cancellationToken).ConfigureAwait(false);
        if (answer is not null)
            return answer;
        // Where its answer goes to a file, MSBuild is silent about a project that it cannot load.
        if (run.Lines.Count == 0)
            run = await DotnetCommand.RunAsync(
                Path.GetDirectoryName(projectFile)!, ["msbuild", projectFile, "-nologo", "-tl:off", "-getProperty:AssemblyName", .. switches.Arguments()], _ => { }, cancellationToken).ConfigureAwait(false);
        throw Errors.ProjectUnreadable(projectFile, run.Errors);
    }

    private static async Task RestoreAsync(string projectFile, BuildSwitches switches, IReporter reporter, CancellationToken cancellationToken)
    {
        reporter.Progress(new Progress($"restoring {Path.GetFileName(projectFile)}"));
        var run = await DotnetCommand.RunAsync(
            Path.GetDirectoryName(projectFile)!,
            ["msbuild", projectFile, "-nologo", "-tl:off", "-v:minimal", "-t:Restore", .. switches.Arguments()],
            BuildOutput(reporter),
            cancellationToken).ConfigureAwait(false);
        if (run.ExitCode != 0)
            throw Errors.ProjectUnreadable(projectFile, run.Errors);
    }

    private static string OnlyFramework(string projectFile, string frameworks) =>
        frameworks.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is [var only]
            ? only
            : throw Errors.FrameworkUnclear(projectFile, frameworks);

    private static ProjectInfo Info(string projectFile, BuildSwitches switches, MSBuildAnswer answer) => new()
    {
        ProjectFile = projectFile,
        AssemblyName = answer.Property("AssemblyName"),
        Configuration = switches.Configuration,
        TargetFramework = answer.Property("TargetFramework"),
        RuntimeIdentifier = answer.Property("RuntimeIdentifier"),
        UserSecretsId = answer.Property("UserSecretsId"),
        SourceRevisionId = answer.Property("SourceRevisionId"),
        ImageInputs =
        [
            .. ImageInputNames.Properties.Select(name => new NameValue(name, answer.Property(name))),
            // Several elements of one item: its name is part of each pair's, `ContainerPort:8080` → `tcp`.
            .. ImageInputNames.Items.SelectMany(item => answer.Pairs(item.Key, item.Value).Select(pair => pair with { Name = $"{item.Key}:{pair.Name}" })),
        ],
        PublishInputs = [.. InputItems.SelectMany(name => answer.Items(name).Where(item => IsPublished(name, item))).Select(item => MSBuildAnswer.Metadata(item, "FullPath")).Distinct()],
    };

    private static bool IsPublished(string name, JsonObject item) => (name, MSBuildAnswer.Metadata(item, "CopyToPublishDirectory")) switch
    {
        ("Compile" or "EmbeddedResource", _) => true,
        (_, "Never") => false,
        ("Content", _) => true,
        (_, "") => MSBuildAnswer.Metadata(item, "CopyToOutputDirectory") is not ("" or "Never"),
        _ => true,
    };

    private static OptionText Options(BuildSwitches switches, MSBuildAnswer answer)
    {
        var properties = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        // A mistyped -p:EcsClster=x is asked for by nobody: it enters as it is, and the reader refuses it.
        foreach (var (name, value) in switches.Properties.Where(property => property.Name.StartsWith("Ecs", StringComparison.OrdinalIgnoreCase)))
            properties[name] = value;
        properties.Remove("EcsDeploy");
        foreach (var option in OptionReader.All)
            if (option.Property is { } property)
                properties[property] = answer.Property(property);
        var items = OptionReader.All.Where(option => option.Item is not null)
            .ToDictionary(option => option.Item!, option => answer.Pairs(option.Item!, option.ItemValue), StringComparer.OrdinalIgnoreCase);
        return new(properties, items) { Services = answer.Services("EcsServices") };
    }

    // Lines of a build that goes well interest nobody; those of one that fails are in the error.
    private static Action<string> BuildOutput(IReporter reporter) => line => reporter.Progress(new Progress("reading the project", Lines: [line]));

    private static string Native(string path) => path.Replace('\\', Path.DirectorySeparatorChar);
}

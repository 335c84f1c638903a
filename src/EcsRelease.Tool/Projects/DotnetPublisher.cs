namespace EcsRelease.Tool.Projects;

/// <summary>Publishes the project with `dotnet msbuild` and reads its container settings back from the same run.</summary>
/// <param name="architecture">EcsArchitecture; null when it is not set.</param>
internal sealed class DotnetPublisher(EvaluatedProject project, string? architecture, IReporter reporter, bool verbose) : IPublisher
{
    /// <exception cref="EcsReleaseException">ECSR3013, ECSR3016.</exception>
    public async Task<PublishedProject> PublishAsync(CancellationToken cancellationToken)
    {
        // A folder of this run alone: publish never removes what an older run left behind.
        var folder = Path.Combine(project.IntermediateDirectory, "ecs-release", "publish") + Path.DirectorySeparatorChar;
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        var (answer, run) = await MSBuildAnswer.AskAsync(
            project.Info.ProjectFile,
            ["-restore", "-t:Publish;ComputeContainerConfig", .. project.Switches.Arguments(), $"-p:PublishDir={folder}", .. Reproducible(), .. ContainerDefaults()],
            [.. ContainerSettingsReader.Properties, .. PublishSources.BuildFolderProperties],
            [.. ContainerSettingsReader.Items, "ResolvedFileToPublish"],
            Report,
            cancellationToken).ConfigureAwait(false);
        if (answer is null)
            throw Errors.PublishFailed(project.Info.ProjectFile, run.Errors);
        if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any())
            throw Errors.PublishFolderMissing(folder);
        return new PublishedProject
        {
            PublishDirectory = folder,
            AssemblyName = project.Info.AssemblyName,
            PackageOfFile = PackageOfFile(answer),
            Sources = Sources(answer),
            Container = ContainerSettingsReader.Read(answer),
        };
    }

    private void Report(string line)
    {
        if (verbose)
            reporter.Detail(line);
        else
            reporter.Progress(new Progress($"dotnet publish {Path.GetFileName(project.Info.ProjectFile)}", Lines: [line.Trim()]));
    }

    // Two clones in two folders must give the same files. Source paths can be mapped only where the SDK knows the root.
    private IEnumerable<string> Reproducible()
    {
        for (var folder = new DirectoryInfo(project.Info.Directory); folder is not null; folder = folder.Parent)
            if (Path.Exists(Path.Combine(folder.FullName, ".git")))
                return ["-p:DeterministicSourcePaths=true"];
        return [];
    }

    // The SDK would write the time of day and its own version into labels, refuse assembly names that are no
    // repository's, and build for this machine's architecture: as the MSBuild package sets them.
    private IEnumerable<string> ContainerDefaults()
    {
        yield return "-p:ContainerGenerateLabelsImageCreated=false";
        yield return "-p:ContainerGenerateLabelsDotnetToolset=false";
        yield return $"-p:ContainerRepository={ReleaseNames.Kebab(project.Info.AssemblyName)}";
        string[] own = ["RuntimeIdentifier", "RuntimeIdentifiers", "ContainerRuntimeIdentifier", "ContainerRuntimeIdentifiers"];
        if (architecture is not null && project.Info.ImageInputs.All(input => !own.Contains(input.Name) || input.Value.Length == 0))
            yield return "-p:ContainerRuntimeIdentifier=" + (architecture == "ARM64" ? "linux-arm64" : "linux-x64");
    }

    private IReadOnlyList<string> Sources(MSBuildAnswer answer) => PublishSources.Of(
        answer.Items("ResolvedFileToPublish").Select(file => new PublishedFile(
            MSBuildAnswer.Metadata(file, "FullPath"), MSBuildAnswer.Metadata(file, "NuGetPackageId"), MSBuildAnswer.Metadata(file, "ReferenceSourceTarget"))),
        PublishSources.BuildFolderProperties.Select(answer.Property),
        project.Info);

    private static Dictionary<string, string> PackageOfFile(MSBuildAnswer answer)
    {
        var packages = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in answer.Items("ResolvedFileToPublish"))
            if (MSBuildAnswer.Metadata(file, "NuGetPackageId") is { Length: > 0 } package)
                packages[MSBuildAnswer.Metadata(file, "RelativePath").Replace('\\', '/')] = package;
        return packages;
    }
}

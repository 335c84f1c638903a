using Microsoft.Build.Framework;

namespace EcsRelease.MSBuild;

/// <summary>The publish that this build has done already, as the image builder wants it.</summary>
internal sealed class PublishedFolder(ITaskItem[] settings, ITaskItem[] items, ITaskItem[] files, ProjectInfo project, bool wasPublished) : IPublisher
{
    private readonly Dictionary<string, string> _settings = CollectedProject.Values(settings);

    public Task<PublishedProject> PublishAsync(CancellationToken cancellationToken)
    {
        var folder = _settings["PublishDirectory"];
        // A publish that was left out may have left an older one's folder behind: never that.
        if (!wasPublished || !Directory.Exists(folder))
            throw Errors.PublishFolderMissing(folder);
        return Task.FromResult(new PublishedProject
        {
            PublishDirectory = folder,
            AssemblyName = project.AssemblyName,
            PackageOfFile = PackageOfFile(),
            Sources = Sources(),
            Container = Container(),
        });
    }

    private Dictionary<string, string> PackageOfFile()
    {
        var packages = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in files)
            if (file.GetMetadata("NuGetPackageId") is { Length: > 0 } package)
                packages[file.GetMetadata("RelativePath").Replace('\\', '/')] = package;
        return packages;
    }

    private IReadOnlyList<string> Sources() => PublishSources.Of(
        files.Select(file => new PublishedFile(file.GetMetadata("FullPath"), file.GetMetadata("NuGetPackageId"), file.GetMetadata("ReferenceSourceTarget"))),
        _settings["BuildFolders"].Split(';'),
        project);

    private ContainerSettings Container() => new()
    {
        BaseImage = _settings["BaseImage"],
        RuntimeIdentifiers = (_settings["RuntimeIdentifier"] is { Length: > 0 } one ? one : _settings["RuntimeIdentifiers"])
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        IsSelfContained = string.Equals(_settings["IsSelfContained"], "true", StringComparison.OrdinalIgnoreCase),
        WorkingDirectory = _settings["WorkingDirectory"] is { Length: > 0 } directory ? directory : "/app/",
        User = _settings["User"],
        ImageFormat = _settings["ImageFormat"],
        AppCommandInstruction = _settings["AppCommandInstruction"],
        Entrypoint = Words("Entrypoint"),
        EntrypointArgs = Words("EntrypointArgs"),
        AppCommand = Words("AppCommand"),
        AppCommandArgs = Words("AppCommandArgs"),
        DefaultArgs = Words("DefaultArgs"),
        Labels = Pairs("Label", "Value"),
        EnvironmentVariables = Pairs("EnvironmentVariable", "Value"),
        Ports = [.. Pairs("Port", "Type").Select(port => port.Value.Length == 0 ? port with { Value = "tcp" } : port)],
    };

    private string[] Words(string item) => [.. Elements(item).Select(element => element.ItemSpec)];

    private NameValue[] Pairs(string item, string metadata) => [.. Elements(item).Select(element => new NameValue(element.ItemSpec, element.GetMetadata(metadata)))];

    private IEnumerable<ITaskItem> Elements(string item) => items.Where(element => element.GetMetadata("Item") == item);
}

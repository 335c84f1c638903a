namespace EcsRelease.Images;

/// <summary>A layer to be: its name and its files.</summary>
/// <param name="Name">`runtime`, `packages`, `resources` (wwwroot), `settings` or `app`; also the layer's line in the image's history.</param>
internal sealed record LayerSpec(string Name, IReadOnlyList<LayerEntry> Entries);

/// <summary>Sorts a publish folder into layers, what changes least at the bottom.</summary>
internal static class PublishFolder
{
    private static readonly string[] Order = ["runtime", "packages", "resources", "settings", "app"];

    /// <summary>Layers of the folder, bottom first, empty ones left out.</summary>
    /// <exception cref="EcsReleaseException">ECSR3013, 3024.</exception>
    public static async Task<IReadOnlyList<LayerSpec>> ReadAsync(PublishedProject project, CancellationToken cancellationToken)
    {
        var folder = project.PublishDirectory;
        // The folder is the truth: it holds files (web.config, static assets, output of targets) that no item lists.
        var files = Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories) : [];
        if (files.Length == 0)
            throw Errors.PublishFolderMissing(folder);
        var deps = await DepsFile.ReadAsync(folder, project.AssemblyName, cancellationToken);
        var packages = project.PackageOfFile.Count > 0 ? project.PackageOfFile : deps?.PackageOfFile ?? project.PackageOfFile;
        var unusedHost = deps is { IsPortable: true } ? UnusedHost(project) : null;
        var root = project.Container.WorkingDirectory.Trim('/') is { Length: > 0 } directory ? directory + "/" : "";

        var layers = Order.ToDictionary(name => name, _ => new List<LayerEntry>());
        foreach (var file in files)
        {
            // A web project publishes every JSON file; how the service is deployed is not the program's to know.
            var path = Path.GetRelativePath(folder, file).Replace('\\', '/');
            if (path == ReleaseNames.DefinitionFile || path == unusedHost || path == unusedHost + ".exe")
                continue;
            layers[LayerOf(path, packages.GetValueOrDefault(path))].Add(await EntryAsync(root + path, path, file, cancellationToken));
        }
        return [.. Order.Where(name => layers[name].Count > 0).Select(name => new LayerSpec(name, TarLayer.Order(layers[name])))];
    }

    internal static string LayerOf(string path, string? package)
    {
        if (package is not null)
            return package.StartsWith("Microsoft.NETCore.App.Runtime.", StringComparison.OrdinalIgnoreCase)
                || package.StartsWith("Microsoft.AspNetCore.App.Runtime.", StringComparison.OrdinalIgnoreCase) ? "runtime" : "packages";
        // Apart from the settings: deps.json changes with every version, wwwroot may be large.
        if (path.StartsWith("wwwroot/", StringComparison.Ordinal))
            return "resources";
        var isSetting = path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || path.EndsWith(".config", StringComparison.OrdinalIgnoreCase);
        return isSetting && !StaticAssetTimes.IsEndpointsFile(path) ? "settings" : "app";
    }

    private static async Task<LayerEntry> EntryAsync(string target, string path, string file, CancellationToken cancellationToken)
    {
        try
        {
            if (StaticAssetTimes.IsEndpointsFile(path))
                return LayerEntry.File(target, StaticAssetTimes.Rewrite(await File.ReadAllTextAsync(file, cancellationToken)));
            var entry = LayerEntry.File(target, file);
            return path.StartsWith("wwwroot/", StringComparison.Ordinal) ? entry with { ModifiedAt = StaticAssetTimes.OfContent(file) } : entry;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Errors.PublishFileUnreadable(file, unreadable.Message);
        }
    }

    // A portable publish holds an executable of the build machine's system, which `dotnet APP.dll` does not use;
    // without it the layer is the same for every architecture.
    private static string? UnusedHost(PublishedProject project)
    {
        var commands = project.Container.Entrypoint.Concat(project.Container.AppCommand);
        return commands.Any(word => word.Split('/')[^1] == project.AssemblyName) ? null : project.AssemblyName;
    }
}

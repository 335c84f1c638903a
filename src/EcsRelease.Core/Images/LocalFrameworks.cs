using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsRelease.Images;

/// <summary>The part of this machine's .NET that an app needs.</summary>
/// <param name="RuntimeVersion">Of Microsoft.NETCore.App, e.g. `10.0.12`.</param>
/// <param name="Entries">Files at usr/share/dotnet; none for a self-contained app, which brings its own.</param>
/// <param name="Binaries">Native files whose needs the image must fulfil.</param>
internal sealed record LocalFrameworks(string RuntimeVersion, IReadOnlyList<LayerEntry> Entries, IReadOnlyList<string> Binaries)
{
    private const string Runtime = "Microsoft.NETCore.App";
    private const string Target = "usr/share/dotnet";

    /// <exception cref="EcsReleaseException">ECSR3014: a framework of the app is not installed here.</exception>
    public static async Task<LocalFrameworks> FindAsync(PublishedProject project, CancellationToken cancellationToken)
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var wanted = await WantedAsync(project, cancellationToken);
        var runtime = wanted.FirstOrDefault(framework => framework.Name == Runtime)?.Value
            ?? (wanted.Count > 0 ? wanted[0].Value : null)
            ?? Environment.Version.ToString(3);
        var folders = wanted.Where(framework => framework.Name != Runtime).Select(framework => Newest(root, framework.Name, framework.Value))
            .Prepend(Newest(root, Runtime, runtime)).ToList();
        var host = Newest(root, null, runtime);
        var muxer = Path.Combine(root, "dotnet");
        var files = folders.Append(host).SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)).Append(muxer).ToList();
        return new LocalFrameworks(
            Path.GetFileName(folders[0]),
            project.Container.IsSelfContained ? [] : [.. files.Select(file => LayerEntry.File($"{Target}/{Path.GetRelativePath(root, file)}", file))],
            [.. files.Where(file => file == muxer || file.EndsWith(".so", StringComparison.Ordinal))]);
    }

    // APP.runtimeconfig.json: `framework`, `frameworks`, or `includedFrameworks` of a self-contained app.
    private static async Task<IReadOnlyList<NameValue>> WantedAsync(PublishedProject project, CancellationToken cancellationToken)
    {
        var file = Path.Combine(project.PublishDirectory, project.AssemblyName + ".runtimeconfig.json");
        if (project.Container.IsSelfContained || !File.Exists(file))
            return [];
        try
        {
            var options = JsonNode.Parse(await File.ReadAllBytesAsync(file, cancellationToken))?["runtimeOptions"];
            var frameworks = options?["frameworks"]?.AsArray() ?? (options?["framework"] is { } single ? [single.DeepClone()] : []);
            return [.. frameworks.Select(framework => new NameValue((string?)framework?["name"] ?? "", (string?)framework?["version"] ?? ""))];
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw Errors.PublishFileUnreadable(file, wrong.Message);
        }
    }

    /// <summary>The newest one of the wanted major version, as the host's roll-forward would take.</summary>
    /// <param name="framework">Null = the host itself (hostfxr), of which the newest serves all.</param>
    private static string Newest(string root, string? framework, string wanted)
    {
        var folder = framework is null ? Path.Combine(root, "host", "fxr") : Path.Combine(root, "shared", framework);
        var least = Version.TryParse(wanted.Split('-')[0], out var version) ? version : new Version(0, 0);
        var installed = Directory.Exists(folder) ? Directory.GetDirectories(folder) : [];
        return installed
            .Select(path => (Path: path, Version: Version.TryParse(Path.GetFileName(path).Split('-')[0], out var found) ? found : null))
            .Where(found => found.Version is not null && found.Version >= least && (framework is null || found.Version.Major == least.Major))
            .OrderByDescending(found => found.Version).ThenByDescending(found => found.Path, StringComparer.Ordinal)
            .Select(found => found.Path)
            .FirstOrDefault()
            ?? throw Errors.LocalBaseImpossible($"'{folder}' has no version {wanted} or newer of the same major, which the app needs");
    }
}

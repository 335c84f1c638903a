using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcsRelease.Images;

/// <summary>Reads APP.deps.json of a publish folder (dotnet/runtime, docs "runtime-configuration-file.md").</summary>
/// <param name="IsPortable">Published without a RuntimeIdentifier.</param>
/// <param name="PackageOfFile">Published file → package, for package and runtime pack files.</param>
internal sealed record DepsFile(bool IsPortable, IReadOnlyDictionary<string, string> PackageOfFile)
{
    private const string RuntimePack = "runtimepack.";

    /// <summary>Null when the folder has none (GenerateDependencyFile=false, single file).</summary>
    public static async Task<DepsFile?> ReadAsync(string publishDirectory, string assemblyName, CancellationToken cancellationToken)
    {
        var file = Path.Combine(publishDirectory, assemblyName + ".deps.json");
        if (!File.Exists(file))
            return null;
        try
        {
            var root = JsonNode.Parse(await File.ReadAllBytesAsync(file, cancellationToken));
            var target = (string?)root?["runtimeTarget"]?["name"] ?? throw new JsonException("no runtimeTarget");
            var packages = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var (library, assets) in root!["targets"]?[target]?.AsObject() ?? [])
                if (assets is JsonObject kinds && PackageOf(library, (string?)root["libraries"]?[library]?["type"]) is { } package)
                    foreach (var path in Files(kinds))
                        packages.TryAdd(path, package);
            return new DepsFile(!target.Contains('/'), packages);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw Errors.PublishFileUnreadable(file, wrong.Message);
        }
    }

    private static string? PackageOf(string library, string? type)
    {
        var name = library.Split('/')[0];
        return type switch
        {
            "package" => name,
            "runtimepack" => name.StartsWith(RuntimePack, StringComparison.Ordinal) ? name[RuntimePack.Length..] : name,
            _ => null,
        };
    }

    private static IEnumerable<string> Files(JsonObject assets)
    {
        foreach (var kind in (string[])["runtime", "native", "resources", "runtimeTargets"])
            foreach (var (path, asset) in assets[kind]?.AsObject() ?? [])
                yield return (string?)asset?["localPath"] ?? Published(kind, path, (string?)asset?["locale"]);
    }

    // lib/net10.0/A.dll is published as A.dll, its satellite as LOCALE/A.resources.dll; only files of runtimes/ keep
    // their folders.
    private static string Published(string kind, string path, string? locale)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return kind switch
        {
            "runtimeTargets" => path,
            "resources" => $"{locale}/{name}",
            _ => name,
        };
    }
}

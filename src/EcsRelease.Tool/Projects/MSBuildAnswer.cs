using System.Text.Json;
using System.Text.Json.Nodes;
using EcsRelease.Options;

namespace EcsRelease.Tool.Projects;

/// <summary>What `dotnet msbuild -getProperty -getItem` answers: `{ "Properties": { … }, "Items": { NAME: [ { "Identity": …, metadata } ] } }`.</summary>
internal sealed class MSBuildAnswer(JsonObject json)
{
    // learn.microsoft.com/visualstudio/msbuild/msbuild-well-known-item-metadata
    private static readonly HashSet<string> _wellKnown = new(StringComparer.OrdinalIgnoreCase)
    {
        "Identity", "FullPath", "RootDir", "Filename", "Extension", "RelativeDir", "Directory", "RecursiveDir", "ModifiedTime", "CreatedTime", "AccessedTime",
        "DefiningProjectFullPath", "DefiningProjectDirectory", "DefiningProjectName", "DefiningProjectExtension",
    };

    /// <summary>Runs MSBuild and reads its answer from a file, so that what the build prints does not mix with it.</summary>
    /// <returns>The answer; null when the run failed.</returns>
    public static async Task<(MSBuildAnswer? Answer, DotnetResult Run)> AskAsync(
        string projectFile, IEnumerable<string> arguments, IEnumerable<string> properties, IEnumerable<string> items, Action<string> onLine, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("ecs-release-");
        try
        {
            var file = Path.Combine(folder.FullName, "answer.json");
            var run = await DotnetCommand.RunAsync(
                Path.GetDirectoryName(projectFile)!,
                [
                    "msbuild", projectFile, "-nologo", "-tl:off", "-v:minimal", .. arguments,
                    "-getProperty:" + string.Join(',', properties),
                    "-getItem:" + string.Join(',', items),
                    "-getResultOutputFile:" + file,
                ],
                onLine,
                cancellationToken).ConfigureAwait(false);
            if (run.ExitCode != 0 || !File.Exists(file))
                return (null, run);
            return (Parse(await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false)) is { } parsed ? new(parsed) : null, run);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The property's value; empty when it has none.</summary>
    public string Property(string name) => (string?)json["Properties"]?[name] ?? "";

    /// <summary>The elements of an item, each by its metadata; `Identity` is what was included.</summary>
    public IReadOnlyList<JsonObject> Items(string name) => [.. (json["Items"]?[name] as JsonArray ?? []).OfType<JsonObject>()];

    public IReadOnlyList<string> Identities(string name) => [.. Items(name).Select(item => Metadata(item, "Identity"))];

    /// <summary>Identity and one metadata of each element.</summary>
    public IReadOnlyList<NameValue> Pairs(string name, string? metadata) =>
        [.. Items(name).Select(item => new NameValue(Metadata(item, "Identity"), metadata is null ? "" : Metadata(item, metadata)))];

    /// <summary>The elements of an item with the metadata that the project gave them.</summary>
    public IReadOnlyList<ServiceItem> Services(string name) =>
    [
        .. Items(name).Select(item => new ServiceItem(Metadata(item, "Identity"), [.. item.Where(pair => !_wellKnown.Contains(pair.Key)).Select(pair => new NameValue(pair.Key, (string?)pair.Value ?? ""))])),
    ];

    public static string Metadata(JsonObject item, string name) => (string?)item[name] ?? "";

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

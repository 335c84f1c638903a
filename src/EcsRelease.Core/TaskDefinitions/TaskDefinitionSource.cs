using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.TaskDefinitions.Files;

namespace EcsRelease.TaskDefinitions;

/// <summary>Where the definition of a release comes from: a file, the live revision, or properties (DESIGN 4, EcsTaskDefinition).</summary>
public static class TaskDefinitionSource
{
    private const string FilePrefix = "file:";

    /// <summary>The revision that the release wants. Reads a file at most, and the parameters that it names.</summary>
    /// <exception cref="EcsReleaseException">ECSR1007, 5103, 5104, 5105, 515x.</exception>
    public static async Task<DesiredRevision> ResolveAsync(DefinitionInputs inputs, CancellationToken cancellationToken)
    {
        var source = Choose(inputs);
        var file = source.StartsWith(FilePrefix, StringComparison.Ordinal) ? await DefinitionFile.ReadAsync(source[FilePrefix.Length..], inputs, cancellationToken) : null;
        var (definition, ownTags) = file is not null ? FromFile(file, inputs) : source switch
        {
            "properties" => (PropertiesDefinition.Of(inputs), inputs.LiveRevision is null ? [] : RevisionJson.OwnTags(inputs.LiveRevision)),
            _ => FromLive(inputs),
        };
        var container = RevisionJson.ContainerOf(definition, inputs.Options.Container, source, file?.Containers);
        var name = container.Text("name")!;
        file?.RefuseMissingImages(name);
        if (source != "properties")
            DefinitionOverrides.Apply(definition, container, inputs, isLive: source == "live");
        var hash = NormalForm.Hash(definition, name);
        RevisionLabels.Write(container, source, RevisionLabels.NamesOf(inputs.Options), hash);

        var differences = inputs.LiveDefinition is { } live ? Difference.Between(live, definition, name) : [];
        if (source == "properties")
            RefuseForeign(inputs, differences);
        return new DesiredRevision
        {
            Definition = definition,
            Family = definition.Text("family")!,
            Container = name,
            From = source,
            Hash = hash,
            OwnTags = ownTags,
            Differences = differences,
            Warnings = PlainSecrets.Find(definition, name, inputs.Options, file),
        };
    }

    /// <summary>`X86_64` or `ARM64`: what the tasks of a definition run on (ECS's default is X86_64).</summary>
    public static string ArchitectureOf(JsonObject definition) =>
        definition.Object("runtimePlatform").Text("cpuArchitecture") ?? "X86_64";

    // OptionReader let nothing else through.
    private static string Choose(DefinitionInputs inputs)
    {
        if (inputs.Options.TaskDefinition != "auto")
            return inputs.Options.TaskDefinition;
        if (File.Exists(Path.Combine(inputs.ProjectDirectory, ReleaseNames.DefinitionFile)))
            return FilePrefix + ReleaseNames.DefinitionFile;
        return inputs.LiveDefinition is not { } live || live.Objects("containerDefinitions").Any(RevisionLabels.IsFromProperties)
            ? "properties"
            : "live";
    }

    private static (JsonObject, IReadOnlyList<NameValue>) FromLive(DefinitionInputs inputs) =>
        (inputs.BaseRevision ?? inputs.LiveRevision) is { } described && described.Object("taskDefinition") is { } live
            ? (RevisionJson.Registrable(live), RevisionJson.OwnTags(described))
            : throw Errors.BadTaskDefinition("live", $"service '{inputs.Service}' does not exist yet, so there is no live revision; set EcsTaskDefinition=properties or file:PATH");

    private static (JsonObject, IReadOnlyList<NameValue>) FromFile(DefinitionFile file, DefinitionInputs inputs)
    {
        var definition = file.Definition;
        var ownTags = RevisionJson.OwnTags(definition);
        definition.Remove("tags");
        if (definition.Text("family") is not { Length: > 0 })
            definition["family"] = inputs.LiveDefinition.Text("family") ?? inputs.Service;
        return (definition, ownTags);
    }

    // "Not ours" is also a copy of ours that somebody edited by hand. Tags do not tell: a copy has none.
    private static void RefuseForeign(DefinitionInputs inputs, IReadOnlyList<Difference> differences)
    {
        if (inputs.LiveDefinition is not { } live || inputs.Options.OverwriteDrift || differences.Count == 0)
            return;
        var released = live.Objects("containerDefinitions").FirstOrDefault(RevisionLabels.IsFromProperties);
        if (released is null || RevisionLabels.IsEdited(live, released))
            throw Errors.ForeignRevision(inputs.Service, $"{live.Text("family")}:{live.Integer("revision")}", string.Join("; ", differences));
    }
}

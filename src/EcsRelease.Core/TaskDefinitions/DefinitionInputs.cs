using System.Text.Json.Nodes;

namespace EcsRelease.TaskDefinitions;

/// <summary>What decides a task definition, all of it known by reads alone.</summary>
public sealed record DefinitionInputs
{
    public required ReleaseOptions Options { get; init; }

    public required string Service { get; init; }

    /// <summary>Paths of files are relative to it.</summary>
    public required string ProjectDirectory { get; init; }

    /// <summary>Region of the log group.</summary>
    public required string Region { get; init; }

    /// <summary>X86_64 or ARM64, where neither the option nor the live definition says.</summary>
    public required string Architecture { get; init; }

    /// <summary>In properties mode, when EcsExecutionRole is not set; null = the definition has none.</summary>
    public string? ExecutionRole { get; init; }

    /// <summary>The service's live revision: DescribeTaskDefinition's answer, `{taskDefinition, tags}`; null when there is no service.</summary>
    public JsonObject? LiveRevision { get; init; }

    /// <summary>Ports of the image config, `8080/tcp` …; used in properties mode when no EcsPort is declared. Null while
    /// the image is not built: the live ports are then taken to stay.</summary>
    public IReadOnlyList<string>? ExposedPorts { get; init; }

    internal JsonObject? LiveDefinition => LiveRevision?["taskDefinition"] as JsonObject;
}

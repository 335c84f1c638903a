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

    /// <summary>With EcsTaskDefinition=live, the revision to start from in place of the live one; null = that one.</summary>
    public JsonObject? BaseRevision { get; init; }

    /// <summary>Ports of the image config, `8080/tcp` …; used in properties mode when no EcsPort is declared. Null while
    /// the image is not built: the live ports are then taken to stay.</summary>
    public IReadOnlyList<string>? ExposedPorts { get; init; }

    /// <summary>Full SHA of the commit that is released; a file may name it.</summary>
    public string? Commit { get; init; }

    /// <summary>How the revision names the image; a file may name it in other containers too. Null while it is not
    /// known: `${image}` then stays as it is.</summary>
    public string? Image { get; init; }

    /// <summary>Where a file's `${ssm:…}` come from; null = there are none.</summary>
    public ParameterReader? Parameters { get; init; }

    /// <summary>Where a file's `${env:…}` come from.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    internal JsonObject? LiveDefinition => LiveRevision?["taskDefinition"] as JsonObject;
}

namespace EcsRelease;

/// <summary>The project that is released, as known before it is compiled.</summary>
public sealed record ProjectInfo
{
    /// <summary>Full path of the project file.</summary>
    public required string ProjectFile { get; init; }

    public string Directory => Path.GetDirectoryName(ProjectFile)!;

    public required string AssemblyName { get; init; }

    public string Configuration { get; init; } = "Release";

    public string TargetFramework { get; init; } = "";

    /// <summary>Empty = portable.</summary>
    public string RuntimeIdentifier { get; init; } = "";

    public string UserSecretsId { get; init; } = "";

    /// <summary>SourceRevisionId as the SDK read it or a property set it; empty when unknown.</summary>
    public string SourceRevisionId { get; init; } = "";

    /// <summary>Everything that shapes the image beside the commit: Container* properties and items, SelfContained,
    /// ContainerRuntimeIdentifiers …, by name. Part of the label `ecs-release.inputs`.</summary>
    public IReadOnlyList<NameValue> ImageInputs { get; init; } = [];

    /// <summary>Full paths of the files that are compiled, embedded, or published, as known before the compile.</summary>
    public IReadOnlyList<string> PublishInputs { get; init; } = [];
}

/// <summary>A project's publish output and container settings: what an image is built from.</summary>
public sealed record PublishedProject
{
    /// <summary>Full path of the publish folder of this very run.</summary>
    public required string PublishDirectory { get; init; }

    /// <summary>RelativePath (with /) of a published file → NuGet package it comes from. Files of no package are absent.</summary>
    public IReadOnlyDictionary<string, string> PackageOfFile { get; init; } = new Dictionary<string, string>();

    /// <summary>Full paths of the files that were copied as they are: neither compiled nor from a package.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    public required string AssemblyName { get; init; }

    public required ContainerSettings Container { get; init; }
}

/// <summary>The SDK's container settings after its target ComputeContainerConfig (images.md 1).</summary>
public sealed record ContainerSettings
{
    /// <summary>ContainerBaseImage, e.g. `mcr.microsoft.com/dotnet/aspnet:10.0`.</summary>
    public required string BaseImage { get; init; }

    /// <summary>ContainerRuntimeIdentifier(s), e.g. `linux-x64`.</summary>
    public IReadOnlyList<string> RuntimeIdentifiers { get; init; } = [];

    public bool IsSelfContained { get; init; }

    public string WorkingDirectory { get; init; } = "/app/";

    public string User { get; init; } = "";

    /// <summary>`` = follow the base, `OCI`, `Docker`.</summary>
    public string ImageFormat { get; init; } = "";

    /// <summary>Entrypoint, DefaultArgs, None or empty (the SDK's rule decides).</summary>
    public string AppCommandInstruction { get; init; } = "";

    public IReadOnlyList<string> Entrypoint { get; init; } = [];

    public IReadOnlyList<string> EntrypointArgs { get; init; } = [];

    public IReadOnlyList<string> AppCommand { get; init; } = [];

    public IReadOnlyList<string> AppCommandArgs { get; init; } = [];

    public IReadOnlyList<string> DefaultArgs { get; init; } = [];

    public IReadOnlyList<NameValue> Labels { get; init; } = [];

    public IReadOnlyList<NameValue> EnvironmentVariables { get; init; } = [];

    /// <summary>Number → protocol (`tcp` or `udp`).</summary>
    public IReadOnlyList<NameValue> Ports { get; init; } = [];
}

/// <summary>Compiles and publishes the project: the MSBuild task has the output already, the tool runs `dotnet publish`.</summary>
public interface IPublisher
{
    /// <exception cref="EcsReleaseException">The build failed.</exception>
    Task<PublishedProject> PublishAsync(CancellationToken cancellationToken);
}

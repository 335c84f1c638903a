namespace EcsRelease.Tool.Projects;

/// <summary>Reads <see cref="ContainerSettings"/> from an MSBuild run that reached ComputeContainerConfig
/// (SDK, Containers/build/Microsoft.NET.Build.Containers.targets).</summary>
internal static class ContainerSettingsReader
{
    public static readonly string[] Properties =
    [
        "ContainerBaseImage", "ContainerRuntimeIdentifier", "ContainerRuntimeIdentifiers", "_ContainerIsSelfContained",
        "ContainerWorkingDirectory", "ContainerUser", "ContainerImageFormat", "ContainerAppCommandInstruction",
    ];

    public static readonly string[] Items =
    [
        "ContainerEntrypoint", "ContainerEntrypointArgs", "ContainerAppCommand", "ContainerAppCommandArgs", "ContainerDefaultArgs",
        "ContainerLabel", "ContainerEnvironmentVariables", "ContainerPort",
    ];

    public static ContainerSettings Read(MSBuildAnswer answer) => new()
    {
        BaseImage = answer.Property("ContainerBaseImage"),
        RuntimeIdentifiers = RuntimeIdentifiers(answer),
        IsSelfContained = answer.Property("_ContainerIsSelfContained").Equals("true", StringComparison.OrdinalIgnoreCase),
        WorkingDirectory = answer.Property("ContainerWorkingDirectory") is { Length: > 0 } directory ? directory : "/app/",
        User = answer.Property("ContainerUser"),
        ImageFormat = answer.Property("ContainerImageFormat"),
        AppCommandInstruction = answer.Property("ContainerAppCommandInstruction"),
        Entrypoint = answer.Identities("ContainerEntrypoint"),
        EntrypointArgs = answer.Identities("ContainerEntrypointArgs"),
        AppCommand = answer.Identities("ContainerAppCommand"),
        AppCommandArgs = answer.Identities("ContainerAppCommandArgs"),
        DefaultArgs = answer.Identities("ContainerDefaultArgs"),
        Labels = answer.Pairs("ContainerLabel", "Value"),
        EnvironmentVariables = answer.Pairs("ContainerEnvironmentVariables", "Value"),
        Ports = [.. answer.Pairs("ContainerPort", "Type").Select(port => port.Value.Length == 0 ? port with { Value = "tcp" } : port)],
    };

    private static string[] RuntimeIdentifiers(MSBuildAnswer answer) =>
        (answer.Property("ContainerRuntimeIdentifier") is { Length: > 0 } one ? one : answer.Property("ContainerRuntimeIdentifiers"))
            .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

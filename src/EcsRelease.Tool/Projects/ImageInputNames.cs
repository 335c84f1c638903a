namespace EcsRelease.Tool.Projects;

/// <summary>The properties and items that shape an image beside the commit (label `ecs-release.inputs`). The MSBuild
/// package collects the same names, so that one commit has one image whichever way it is released.</summary>
internal static class ImageInputNames
{
    public static readonly string[] Properties =
    [
        "ContainerBaseImage", "ContainerFamily", "ContainerRuntimeIdentifier", "ContainerRuntimeIdentifiers", "ContainerUser", "ContainerWorkingDirectory",
        "ContainerImageFormat", "ContainerAppCommandInstruction", "RuntimeIdentifier", "SelfContained", "PublishSelfContained", "PublishAot", "PublishTrimmed",
        "PublishReadyToRun", "PublishSingleFile", "InvariantGlobalization", "Configuration", "TargetFramework",
    ];

    /// <summary>Item → the metadata that holds its value.</summary>
    public static readonly IReadOnlyList<NameValue> Items =
    [
        new("ContainerEntrypoint", ""), new("ContainerEntrypointArgs", ""), new("ContainerAppCommand", ""), new("ContainerAppCommandArgs", ""),
        new("ContainerDefaultArgs", ""), new("ContainerLabel", "Value"), new("ContainerPort", "Type"), new("ContainerEnvironmentVariable", "Value"),
    ];
}

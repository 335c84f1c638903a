namespace EcsRelease.Options;

/// <summary>What shapes an image beside the commit, by MSBuild name, as evaluated (before any target ran). What
/// <see cref="Images.ImageInputs"/> knows from elsewhere (configuration, framework, runtime identifier, the options of
/// base image and builder) is not among them: a flag of the tool may have changed it. Every host collects exactly these into <see cref="ProjectInfo.ImageInputs"/>, so that the same commit has the same inputs
/// whether a build or the tool releases it.</summary>
public static class ImageInputNames
{
    public static IReadOnlyList<string> Properties { get; } =
    [
        "RuntimeIdentifiers", "SelfContained", "PublishSelfContained",
        "PublishSingleFile", "PublishTrimmed", "PublishAot", "PublishReadyToRun", "InvariantGlobalization",
        "ContainerRuntimeIdentifier", "ContainerRuntimeIdentifiers", "ContainerBaseImage", "ContainerFamily", "ContainerUser",
        "ContainerWorkingDirectory", "ContainerImageFormat", "ContainerAppCommandInstruction", "ContainerGenerateLabels",
        "ContainerTitle", "ContainerDescription", "ContainerVersion", "ContainerVendor",
    ];

    /// <summary>Item → the metadata that belongs to its value; null = the item's name is all of it.</summary>
    public static IReadOnlyDictionary<string, string?> Items { get; } = new Dictionary<string, string?>
    {
        ["ContainerEntrypoint"] = null,
        ["ContainerEntrypointArgs"] = null,
        ["ContainerAppCommand"] = null,
        ["ContainerAppCommandArgs"] = null,
        ["ContainerDefaultArgs"] = null,
        ["ContainerLabel"] = "Value",
        ["ContainerPort"] = "Type",
        ["ContainerEnvironmentVariable"] = "Value",
    };
}

namespace EcsRelease.Images;

/// <summary>The one platform that an image is built for: that of the tasks.</summary>
internal static class ImagePlatform
{
    /// <param name="architecture">X86_64 or ARM64, of the task definition.</param>
    /// <returns>`linux/amd64` or `linux/arm64`.</returns>
    /// <exception cref="EcsReleaseException">ECSR3017 the project is built for another one, ECSR3027 for several.</exception>
    public static string Of(ReleaseOptions options, ProjectInfo project, string architecture)
    {
        var identifiers = Identifiers(project);
        // With EcsArchitecture the choice among several is the user's own.
        if (identifiers.Count > 1 && options.Architecture is null)
            throw Errors.SeveralPlatforms(string.Join(';', identifiers));
        var suffix = architecture == "ARM64" ? "-arm64" : "-x64";
        if (identifiers.Count > 0 && !identifiers.Any(identifier => identifier.EndsWith(suffix, StringComparison.Ordinal)))
            throw Errors.ArchitectureDiffers(string.Join(';', identifiers), architecture);
        return architecture == "ARM64" ? "linux/arm64" : "linux/amd64";
    }

    // The SDK's order: what is published for, else one for the container, else those of it.
    private static IReadOnlyList<string> Identifiers(ProjectInfo project)
    {
        if (project.RuntimeIdentifier.Length > 0)
            return [project.RuntimeIdentifier];
        string[] names = ["ContainerRuntimeIdentifier", "ContainerRuntimeIdentifiers"];
        var set = names.Select(name => project.ImageInputs.FirstOrDefault(input => input.Name == name)?.Value ?? "").FirstOrDefault(value => value.Length > 0) ?? "";
        return [.. set.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];
    }
}

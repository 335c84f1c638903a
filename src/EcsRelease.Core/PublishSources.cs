namespace EcsRelease;

/// <summary>A file of a publish (MSBuild item ResolvedFileToPublish) with the metadata that tell where it comes from.</summary>
/// <param name="PackageId">NuGetPackageId; empty when it is from no package.</param>
/// <param name="ReferenceSourceTarget">`ProjectReference` for the output of a referenced project.</param>
public sealed record PublishedFile(string FullPath, string PackageId, string ReferenceSourceTarget);

/// <summary>Which files of a publish the commit has to hold: those that were copied as they are.</summary>
public static class PublishSources
{
    /// <summary>The properties that name the folders of a build's own output.</summary>
    public static IReadOnlyList<string> BuildFolderProperties { get; } =
        ["BaseOutputPath", "OutputPath", "BaseIntermediateOutputPath", "IntermediateOutputPath", "ArtifactsPath"];

    /// <param name="buildFolders">Values of <see cref="BuildFolderProperties"/>, relative to the project or full; empty ones count for nothing.</param>
    /// <returns>Full paths.</returns>
    public static IReadOnlyList<string> Of(IEnumerable<PublishedFile> files, IEnumerable<string> buildFolders, ProjectInfo project)
    {
        // Assemblies of this and of referenced projects lie in build folders; the commit is not to hold those.
        var folders = buildFolders.Where(folder => folder.Length > 0)
            .Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder.Replace('\\', '/'), project.Directory)) + Path.DirectorySeparatorChar)
            .ToList();
        return
        [
            .. files.Where(file => file.PackageId.Length == 0 && file.ReferenceSourceTarget != "ProjectReference")
                .Select(file => file.FullPath)
                .Where(path => !folders.Any(folder => path.StartsWith(folder, StringComparison.Ordinal))),
        ];
    }
}

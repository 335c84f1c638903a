namespace EcsRelease.Images;

/// <summary>The build step: publishes the project and makes its image, unless the image is there already.</summary>
internal sealed class ImageBuild(ReleaseOptions options, bool mayUseLocalBase, StateFolder state, TimeProvider time, Action<Notice> warn) : IDisposable
{
    private readonly LayersBuilder builder = new(state, time);

    /// <returns>Null when the plan found the image.</returns>
    public async Task<BuiltImage?> BuildAsync(ReleasePlan plan, IPublisher publisher, CancellationToken cancellationToken)
    {
        if (!plan.NeedsBuild)
            return null;
        var project = await publisher.PublishAsync(cancellationToken);
        var image = await builder.BuildAsync(
            new()
            {
                Project = project,
                BaseImage = options.BaseImage,
                MayUseLocalBase = mayUseLocalBase,
                Platform = plan.Platform,
                Created = plan.ImageCreatedAt,
                Labels = Labels(plan, project),
            },
            cancellationToken);
        foreach (var warning in image.Warnings)
            warn(warning);
        return image;
    }

    /// <summary>After the push: layers of the base stream through the builder.</summary>
    public void Dispose() => builder.Dispose();

    private static List<NameValue> Labels(ReleasePlan plan, PublishedProject project)
    {
        List<NameValue> labels =
        [
            new(ImageLabels.Revision, plan.Commit.Sha),
            new(ImageLabels.Title, project.AssemblyName),
            new(ImageLabels.Version, plan.Tag),
            new(ImageInputs.HashLabel, plan.ImageInputs.Value),
            new(ImageInputs.DetailLabel, plan.ImageInputs.Detail),
        ];
        if (plan.Commit.RemoteUrl is { } source)
            labels.Add(new(ImageLabels.Source, source));
        return labels;
    }
}

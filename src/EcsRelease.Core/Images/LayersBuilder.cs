using EcsRelease.Registry;

namespace EcsRelease.Images;

/// <summary>Builds an image from the publish folder without Docker: the base's layers, then one layer each for runtime,
/// packages, resources and app, so that a change of code moves the last one alone.</summary>
public sealed class LayersBuilder : IImageBuilder, IDisposable
{
    private readonly LayerStore store;
    private readonly BaseImages bases;
    private readonly LocalBase localBase;

    public LayersBuilder(StateFolder state, TimeProvider time)
    {
        store = new LayerStore(state.Layers, time);
        bases = new BaseImages(state.Bases, time);
        localBase = new LocalBase(store, state.Bases);
    }

    public string Name => "layers";

    /// <summary>Ends the connections through which base layers are read: only after the push.</summary>
    public void Dispose() => bases.Dispose();

    public async Task<BuiltImage> BuildAsync(ImagePlan plan, CancellationToken cancellationToken)
    {
        var finding = FindBaseAsync(plan, cancellationToken);
        var layering = LayersAsync(plan.Project, cancellationToken);
        await Task.WhenAll(finding, layering);
        var (baseImage, warnings) = await finding;
        var layers = await layering;

        var config = ImageConfig.Build(baseImage, plan, [.. layers.Select(layer => new NameValue(layer.Name, layer.Layer.DiffId))]);
        var isDocker = ImageManifest.IsDocker(plan.Project.Container.ImageFormat, baseImage);
        ImageBlob[] blobs =
        [
            .. baseImage.Layers.Select(layer => layer with { Descriptor = Typed(layer.Descriptor, isDocker) }),
            .. layers.Select(layer => Stored(layer.Layer, isDocker)),
            new ImageBlob(
                new Descriptor(isDocker ? MediaTypes.DockerConfig : MediaTypes.OciConfig, Sha256.Digest(config.Bytes), config.Bytes.Length),
                _ => Task.FromResult<Stream>(new MemoryStream(config.Bytes, writable: false))),
        ];
        return new BuiltImage
        {
            Manifest = ImageManifest.Build(blobs[^1].Descriptor, blobs[..^1].Select(blob => blob.Descriptor), isDocker),
            Platform = plan.Platform,
            Base = baseImage.Name,
            Blobs = blobs,
            ExposedPorts = config.ExposedPorts,
            Warnings = warnings,
        };
    }

    internal static ImageBlob Stored(StoredLayer layer, bool isDocker) =>
        new(Typed(layer.Blob, isDocker), _ => Task.FromResult<Stream>(LayerEntry.OpenSource(layer.File)));

    private async Task<(string Name, StoredLayer Layer)[]> LayersAsync(PublishedProject project, CancellationToken cancellationToken)
    {
        var specs = await PublishFolder.ReadAsync(project, cancellationToken);
        return await Task.WhenAll(specs.Select(async spec => (spec.Name, await store.GetOrAddAsync(spec.Entries, cancellationToken))));
    }

    private static Descriptor Typed(Descriptor layer, bool isDocker) => layer with { MediaType = MediaTypes.Layer(layer.MediaType, isDocker) };

    private async Task<(BaseImage Base, IReadOnlyList<Notice> Warnings)> FindBaseAsync(ImagePlan plan, CancellationToken cancellationToken)
    {
        var image = plan.BaseImage ?? plan.Project.Container.BaseImage;
        if (image == LocalBase.Name)
            return (await localBase.MakeAsync(plan.Project, plan.Platform, cancellationToken), []);
        try
        {
            return (await bases.ResolveAsync(image, plan.Platform, plan.MayUseLocalBase ? RegistrySettings.FailFast : RegistrySettings.Default, cancellationToken), []);
        }
        catch (EcsReleaseException failure) when (failure.Code is "ECSR3003" or "ECSR3004" or "ECSR3005")
        {
            var why = failure.InnerException is { } cause ? RegistryAnswer.Why(cause) : failure.Message.TrimEnd('.');
            if (!plan.MayUseLocalBase)
                throw Errors.BaseImageUnavailable(image, why, failure);
            return (await localBase.MakeAsync(plan.Project, plan.Platform, cancellationToken), [Errors.LocalBaseUsed(image, why)]);
        }
    }
}

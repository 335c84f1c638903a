using EcsRelease.Aws;
using EcsRelease.Registry;

namespace EcsRelease.Images.Ecr;

/// <summary>The push step: the repository is there, the image is in it under the commit's tag, moving tags moved.</summary>
internal sealed class EcrPush(AmazonEcrClient ecr, ReleaseOptions options, IReporter reporter, TimeProvider time)
{
    private readonly EcrControl control = new(ecr, time);
    private readonly RegistryTraffic traffic = new();

    /// <param name="built">Null when the plan found the image.</param>
    public async Task<PushedImage> PushAsync(ReleasePlan plan, BuiltImage? built, CancellationToken cancellationToken)
    {
        var repository = plan.Repository.Uri is null
            ? await control.CreateAsync(plan.Repository.Name, options.MovingTags, cancellationToken)
            : plan.Repository;
        if (built is null)
            return await ReuseAsync(plan, repository, cancellationToken);

        var knowing = KnownBlobsAsync(plan, repository, cancellationToken);
        using var registry = await control.ConnectAsync(repository, traffic, cancellationToken);
        await ImagePush.PushAsync(registry, repository.Name, built, plan.Tag, await knowing, Look, reporter, cancellationToken);
        await MoveTagsAsync(registry, repository, built.Manifest, options.MovingTags, cancellationToken);
        reporter.Detail($"{repository.Uri}:{plan.Tag} {built.Manifest.Digest}: {traffic.BlobsSent} blobs, {traffic.BytesSent:N0} bytes sent");
        return Pushed(plan, repository, built.Manifest, built.ExposedPorts, "layers", built.Base);

        Task<IReadOnlySet<string>> Look(IReadOnlyList<string> digests, CancellationToken token) => control.PresentBlobsAsync(repository, digests, token);
    }

    private async Task<PushedImage> ReuseAsync(ReleasePlan plan, EcrRepository repository, CancellationToken cancellationToken)
    {
        var image = plan.Image!;
        var behind = new List<string>();
        foreach (var moving in options.MovingTags)
            if ((await control.FindAsync(repository, moving, cancellationToken))?.Digest != image.Manifest.Digest)
                behind.Add(moving);
        if (behind.Count > 0)
        {
            using var registry = await control.ConnectAsync(repository, traffic, cancellationToken);
            await MoveTagsAsync(registry, repository, image.Manifest, behind, cancellationToken);
        }
        return Pushed(plan, repository, image.Manifest, image.ExposedPorts, "none", null);
    }

    private async Task MoveTagsAsync(RegistryClient registry, EcrRepository repository, Manifest manifest, IReadOnlyList<string> tags, CancellationToken cancellationToken)
    {
        foreach (var moving in tags)
            await ImagePush.MoveTagAsync(registry, repository.Name, moving, manifest, () => repository.CannotMove(moving, options.MovingTags), cancellationToken);
    }

    private PushedImage Pushed(ReleasePlan plan, EcrRepository repository, Manifest manifest, IReadOnlyList<string> ports, string builder, string? baseImage) => new(
        Reference(options, repository, plan.Tag, manifest.Digest),
        manifest.Digest,
        ports,
        new(builder, baseImage, traffic.BlobsSent, traffic.BytesSent, traffic.Requests + control.Requests + plan.ImageRequests));

    /// <summary>How a revision names the image (DESIGN 4, EcsImageReference).</summary>
    public static string Reference(ReleaseOptions options, EcrRepository repository, string tag, string digest) => options.ImageReference switch
    {
        ImageReferencePolicy.Tag => $"{repository.Uri}:{tag}",
        ImageReferencePolicy.Digest => $"{repository.Uri}@{digest}",
        _ => repository.MakesImmutable(tag) ? $"{repository.Uri}:{tag}" : $"{repository.Uri}@{digest}",
    };

    /// <summary>Blobs of the live image: they need no look. Not found, not readable or not allowed = none known.</summary>
    private async Task<IReadOnlySet<string>> KnownBlobsAsync(ReleasePlan plan, EcrRepository repository, CancellationToken cancellationToken)
    {
        try
        {
            var live = plan.LiveImages.Select(repository.TagOrDigestOf).FirstOrDefault(found => found is not null);
            var manifest = live is null ? null : await control.FindAsync(repository, live, cancellationToken);
            if (manifest is not null && ExistingImageReader.ChildToRead(manifest, plan.Platform) is { } child)
                manifest = await control.FindAsync(repository, child.Digest, cancellationToken);
            return manifest is null ? new HashSet<string>() : ExistingImageReader.BlobsOf(manifest);
        }
        catch (Exception unknown) when (unknown is AwsServiceException or EcsReleaseException { Code: "ECSR3019" })
        {
            reporter.Detail($"the blobs of the live image are not known: {unknown.Message}");
            return new HashSet<string>();
        }
    }
}

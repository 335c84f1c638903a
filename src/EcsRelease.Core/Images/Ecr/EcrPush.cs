using EcsRelease.Aws;
using EcsRelease.Registry;

namespace EcsRelease.Images.Ecr;

/// <summary>The push step: the repository is there, the image is in it under the commit's tag, moving tags moved.</summary>
internal sealed class EcrPush(AmazonEcrClient ecr, ReleaseOptions options, IReporter reporter, TimeProvider time)
{
    private readonly EcrControl control = new(ecr, time);

    /// <param name="built">Null when the plan found the image.</param>
    public async Task<PushedImage> PushAsync(ReleasePlan plan, BuiltImage? built, CancellationToken cancellationToken)
    {
        var repository = plan.Repository.Uri is null
            ? await control.CreateAsync(plan.Repository.Name, options.MovingTags, cancellationToken)
            : plan.Repository;
        if (built is null)
            return await ReuseAsync(plan, repository, cancellationToken);

        var known = KnownBlobsAsync(plan, repository, cancellationToken);
        using var registry = await control.ConnectAsync(repository, new(), cancellationToken);
        var result = await ImagePush.PushAsync(registry, repository.Name, built, plan.Tag, options.MovingTags, await known, reporter, cancellationToken);
        reporter.Detail($"{repository.Uri}:{plan.Tag} {result.Digest}: {result.Blobs} blobs, {result.Bytes:N0} bytes sent");
        return new(
            Reference(options, repository, plan.Tag, result.Digest),
            result.Digest,
            built.ExposedPorts,
            new("layers", built.Base, result.Blobs, result.Bytes, result.Requests + control.Requests + plan.ImageRequests));
    }

    private async Task<PushedImage> ReuseAsync(ReleasePlan plan, EcrRepository repository, CancellationToken cancellationToken)
    {
        var image = plan.Image!;
        var moved = new RegistryTraffic();
        foreach (var moving in options.MovingTags)
        {
            if (await control.FindAsync(repository, moving, cancellationToken) is { } there && there.Digest == image.Manifest.Digest)
                continue;
            using var registry = await control.ConnectAsync(repository, moved, cancellationToken);
            await registry.PutManifestAsync(repository.Name, moving, image.Manifest, cancellationToken);
        }
        return new(
            Reference(options, repository, plan.Tag, image.Manifest.Digest),
            image.Manifest.Digest,
            image.ExposedPorts,
            new("none", null, 0, moved.BytesSent, moved.Requests + control.Requests + plan.ImageRequests));
    }

    /// <summary>How a revision names the image (DESIGN 4, EcsImageReference).</summary>
    public static string Reference(ReleaseOptions options, EcrRepository repository, string tag, string digest) => options.ImageReference switch
    {
        ImageReferencePolicy.Tag => $"{repository.Uri}:{tag}",
        ImageReferencePolicy.Digest => $"{repository.Uri}@{digest}",
        _ => repository.MakesImmutable(tag) ? $"{repository.Uri}:{tag}" : $"{repository.Uri}@{digest}",
    };

    /// <summary>Blobs of the live image: they need no look each. Not found or not readable = none known.</summary>
    private async Task<IReadOnlySet<string>> KnownBlobsAsync(ReleasePlan plan, EcrRepository repository, CancellationToken cancellationToken)
    {
        var live = plan.LiveImages.FirstOrDefault(image => image.StartsWith(repository.Uri + ":", StringComparison.Ordinal) || image.StartsWith(repository.Uri + "@", StringComparison.Ordinal));
        if (live is null || await control.FindAsync(repository, live[(repository.Uri!.Length + 1)..], cancellationToken) is not { } manifest)
            return new HashSet<string>();
        return ExistingImageReader.BlobsOf(manifest);
    }
}

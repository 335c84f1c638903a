using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Registry;

namespace EcsRelease.Images.Ecr;

/// <summary>The push step: the repository is there, the image is in it under the commit's tag, moving tags moved.</summary>
internal sealed class EcrPush(AmazonEcrClient ecr, ReleaseOptions options, TargetDefaults defaults, IReporter reporter, TimeProvider time)
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

        using var registry = await control.ConnectAsync(repository, traffic, cancellationToken);
        try
        {
            await ImagePush.PushAsync(registry, repository.Name, built, plan.Tag, plan.LiveBlobs, Look, reporter, cancellationToken);
        }
        catch (EcsReleaseException taken) when (taken.Code == "ECSR3006")
        {
            return await UseTheirsAsync(plan, repository, taken, cancellationToken);
        }
        await MoveTagsAsync(registry, repository, built.Manifest, options.MovingTags, cancellationToken);
        reporter.Detail($"{repository.Uri}:{plan.Tag} {built.Manifest.Digest}: {traffic.BlobsSent} blobs, {traffic.BytesSent:N0} bytes sent");
        return Pushed(plan, repository, built.Manifest, built.ExposedPorts, "layers", built.Base);

        Task<IReadOnlySet<string>> Look(IReadOnlyList<string> digests, CancellationToken token) => control.PresentBlobsAsync(repository, digests, token);
    }

    // Another release of this commit was faster, and its build gave other bytes: a run that began a moment later would
    // have found its image.
    private async Task<PushedImage> UseTheirsAsync(ReleasePlan plan, EcrRepository repository, EcsReleaseException taken, CancellationToken cancellationToken)
    {
        var look = new ImageLook(ecr, options, defaults, time);
        var found = await look.FindImageAsync(repository, plan.Tag, plan.Commit.Sha, plan.Platform, plan.ImageInputs, [], cancellationToken);
        if (found.Image is not { } theirs)
            throw taken;
        reporter.Detail($"Another release of {plan.Commit.Sha[..12]} pushed its image meanwhile, {theirs.Manifest.Digest}: it is used");
        return await ReuseAsync(plan with { Image = theirs, ImageRequests = plan.ImageRequests + look.Requests }, repository, cancellationToken);
    }

    private async Task<PushedImage> ReuseAsync(ReleasePlan plan, EcrRepository repository, CancellationToken cancellationToken)
    {
        var image = plan.Image!;
        if (options.MovingTags.Count > 0)
        {
            var there = await control.FindAsync(repository, options.MovingTags, cancellationToken);
            var behind = options.MovingTags.Where(moving => there.GetValueOrDefault(moving)?.Digest != image.Manifest.Digest).ToList();
            if (behind.Count > 0)
            {
                using var registry = await control.ConnectAsync(repository, traffic, cancellationToken);
                await MoveTagsAsync(registry, repository, image.Manifest, behind, cancellationToken);
            }
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
}

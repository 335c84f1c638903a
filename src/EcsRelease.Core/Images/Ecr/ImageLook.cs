using System.Text.RegularExpressions;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Registry;

namespace EcsRelease.Images.Ecr;

/// <summary>Looks whether repository and image are there and fit, before anything is built.</summary>
internal sealed partial class ImageLook(AmazonEcrClient ecr, ReleaseOptions options, TargetDefaults defaults, TimeProvider time)
{
    private static readonly IReadOnlySet<string> NoBlobs = new HashSet<string>();

    private readonly EcrControl control = new(ecr, time);
    private readonly RegistryTraffic traffic = new();

    /// <summary>Requests made so far, for the release record.</summary>
    public int Requests => control.Requests + traffic.Requests;

    /// <exception cref="EcsReleaseException">ECSR4007 repository missing and not to be created, ECSR3011 moving tag immutable.</exception>
    public async Task<EcrRepository> FindRepositoryAsync(string wanted, string tag, AwsAccess access, Action<Notice> warn, CancellationToken cancellationToken)
    {
        var address = defaults.AddressOf(wanted);
        var name = CheckedName(TargetDefaults.NameOf(wanted));
        var repository = await control.DescribeAsync(name, address?.Account, cancellationToken);
        if (repository.Uri is null)
        {
            // One of another account or region is made there, by its owner.
            var isOwn = address is null || (address.Account == access.Account && address.Region == access.Region);
            return isOwn && (options.CreateRepository ?? defaults.CreateRepository)
                ? repository with { RegistryId = null }
                : throw Errors.RepositoryMissing(name, address?.Account ?? access.Account, address?.Region ?? access.Region, isOwn);
        }
        foreach (var moving in options.MovingTags.Where(repository.MakesImmutable))
            throw repository.CannotMove(moving, options.MovingTags);
        if (!repository.MakesImmutable(tag))
            warn(Errors.RepositoryMutable(repository.Name, options.ImageReference == ImageReferencePolicy.Tag, repository.MakeImmutableCommand(options.MovingTags)));
        return repository;
    }

    /// <summary>The image under the tag when it is to be reused, and what else one call tells.</summary>
    /// <param name="live">Image names of the live revision.</param>
    /// <exception cref="EcsReleaseException">ECSR3007: it is there but made from other inputs.</exception>
    public async Task<FoundImage> FindImageAsync(
        EcrRepository repository, string tag, string commit, string platform, ImageInputs inputs, IEnumerable<string> live, CancellationToken cancellationToken)
    {
        if (repository.Uri is null)
            return new(null, NoBlobs, options.MovingTags);
        var liveId = live.Select(repository.TagOrDigestOf).FirstOrDefault(id => id is not null);
        List<string> wanted = [tag, .. options.MovingTags];
        if (liveId is not null)
            wanted.Add(liveId);
        var found = await control.FindAsync(repository, wanted, cancellationToken);
        if (found.GetValueOrDefault(tag) is not { } manifest)
            return new(null, liveId is null ? NoBlobs : await BlobsAsync(repository, found.GetValueOrDefault(liveId), platform, cancellationToken), options.MovingTags);
        using var registry = await control.ConnectAsync(repository, traffic, cancellationToken);
        var image = await ReadAsync(registry, repository, manifest, platform, cancellationToken);
        if (options.ReuseImage == ReuseImagePolicy.Same && Difference(image, commit, platform, inputs) is { } difference)
            throw Errors.ImageInputsDiffer($"{repository.Uri}:{tag}", difference);
        return new(image, NoBlobs, [.. options.MovingTags.Where(moving => found.GetValueOrDefault(moving)?.Digest != manifest.Digest)]);
    }

    /// <summary>Blobs of the live image: they need no look later. Not found or not readable = none known.</summary>
    private async Task<IReadOnlySet<string>> BlobsAsync(EcrRepository repository, Manifest? manifest, string platform, CancellationToken cancellationToken)
    {
        try
        {
            if (manifest is not null && ExistingImageReader.ChildToRead(manifest, platform) is { } child)
                manifest = await control.FindAsync(repository, child.Digest, cancellationToken);
            return manifest is null ? NoBlobs : ExistingImageReader.BlobsOf(manifest);
        }
        catch (Exception unknown) when (unknown is AwsServiceException or EcsReleaseException { Code: "ECSR3019" })
        {
            // Only a look more: no reason to fail.
            return NoBlobs;
        }
    }

    private async Task<ExistingImage> ReadAsync(RegistryClient registry, EcrRepository repository, Manifest manifest, string platform, CancellationToken cancellationToken)
    {
        var described = ExistingImageReader.ChildToRead(manifest, platform) is { } child
            ? await control.FindAsync(repository, child.Digest, cancellationToken) ?? throw Errors.ManifestUnreadable($"'{manifest.Digest}'", $"its child '{child.Digest}' is missing")
            : manifest;
        return ExistingImageReader.Read(manifest, await registry.GetBlobAsync(repository.Name, ExistingImageReader.ConfigOf(described), cancellationToken));
    }

    private static string? Difference(ExistingImage image, string commit, string platform, ImageInputs inputs)
    {
        var revision = image.Labels.GetValueOrDefault(ImageLabels.Revision);
        if (!image.Platforms.Contains(platform))
            return $"it is for {string.Join(", ", image.Platforms)}, wanted {platform}";
        if (revision != commit)
            return revision is null ? "it does not say which commit it is made of" : $"it is made of commit {revision}";
        return image.Labels.GetValueOrDefault(ImageInputs.HashLabel) == inputs.Value ? null : inputs.DifferenceFrom(image.Labels.GetValueOrDefault(ImageInputs.DetailLabel));
    }

    /// <summary>A name as CreateRepository takes it (API page, pattern of repositoryName).</summary>
    private static string CheckedName(string name) => RepositoryName().IsMatch(name) && name.Length is >= 2 and <= 256
        ? name
        : throw Errors.BadValue("EcrRepository", name, "a repository name (2 to 256 lower case letters, digits, '-', '_', '.', '/') or ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME");

    [GeneratedRegex("^[a-z0-9]+(?:[._-][a-z0-9]+)*(?:/[a-z0-9]+(?:[._-][a-z0-9]+)*)*$")]
    private static partial Regex RepositoryName();
}

/// <param name="Image">Null when it must be built.</param>
/// <param name="LiveBlobs">Blobs of the live image, when one must be built and they are known.</param>
/// <param name="MovingTags">Moving tags that the image does not have yet.</param>
internal sealed record FoundImage(ExistingImage? Image, IReadOnlySet<string> LiveBlobs, IReadOnlyList<string> MovingTags);

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Images;
using EcsRelease.Images.Ecr;
using EcsRelease.Registry;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verification;

/// <summary>Reads manifests: of ECR with the release's credentials, of other registries as Docker would pull, by one
/// try. Each image is read once for all checks.</summary>
internal sealed class ImageReader(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<ImageFacts?>>> read = new(StringComparer.Ordinal);

    /// <returns>Null when the registry has no such image.</returns>
    /// <exception cref="AwsServiceException"/>
    /// <exception cref="EcsReleaseException">The registry is out of reach or refuses, or the image is not readable.</exception>
    public Task<ImageFacts?> ReadAsync(string image, VerifiedRelease release, CancellationToken cancellationToken) =>
        read.GetOrAdd(image, name => new(() => LookAsync(ImageReference.Parse(name), release, cancellationToken))).Value;

    /// <summary>What the tasks of a definition run on.</summary>
    public static string PlatformOf(JsonObject definition)
    {
        var isWindows = definition.Object("runtimePlatform").Text("operatingSystemFamily")?.StartsWith("WINDOWS", StringComparison.Ordinal) == true;
        return $"{(isWindows ? "windows" : "linux")}/{(TaskDefinitionSource.ArchitectureOf(definition) == "ARM64" ? "arm64" : "amd64")}";
    }

    /// <summary>The region of an ECR image that the release's client does not reach; null = it is reached.</summary>
    public static string? ForeignRegion(string image, VerifiedRelease release)
    {
        var reference = ImageReference.Parse(image);
        return EcrAddress.Parse($"{reference.Host}/{reference.Repository}") is { } address && address.Region != (release.Scope.ForeignRepository?.Region ?? release.Region)
            ? address.Region
            : null;
    }

    private async Task<ImageFacts?> LookAsync(ImageReference reference, VerifiedRelease release, CancellationToken cancellationToken)
    {
        var platform = release.Desired is { } desired ? PlatformOf(desired.Definition) : "linux/amd64";
        var address = EcrAddress.Parse($"{reference.Host}/{reference.Repository}");
        var isOwnHost = release.Repository?.Uri?.Split('/')[0] == reference.Host;
        if (address is null && !isOwnHost)
            return await OfRegistryAsync(reference, platform, cancellationToken);

        var control = new EcrControl(release.Access.Ecr, time);
        var repository = new EcrRepository
        {
            Name = reference.Repository,
            RegistryId = address is not null && address.Account != release.Access.Account ? address.Account : null,
            Uri = $"{reference.Host}/{reference.Repository}",
        };
        try
        {
            using var registry = await control.ConnectAsync(repository, new RegistryTraffic(), cancellationToken);
            return await ReadAsync(registry, reference, platform, target => control.FindAsync(repository, target, cancellationToken), cancellationToken);
        }
        catch (AwsServiceException missing) when (missing.ErrorCode == "RepositoryNotFoundException")
        {
            return null;
        }
    }

    private async Task<ImageFacts?> OfRegistryAsync(ImageReference reference, string platform, CancellationToken cancellationToken)
    {
        var credentials = await RegistryCredentials.ForPullAsync(reference.Host, cancellationToken);
        using var registry = new RegistryClient(reference.RegistryHost, credentials, time, RegistrySettings.FailFast);
        return await ReadAsync(registry, reference, platform, target => registry.GetManifestAsync(reference.Repository, target, cancellationToken), cancellationToken);
    }

    private static async Task<ImageFacts?> ReadAsync(
        RegistryClient registry, ImageReference reference, string platform, Func<string, Task<Manifest?>> find, CancellationToken cancellationToken)
    {
        if (await find(reference.Target) is not { } named)
            return null;
        var child = ExistingImageReader.ChildToRead(named, platform);
        var manifest = child is null ? named : await find(child.Digest) ?? throw Errors.ManifestUnreadable($"'{reference}'", $"its child '{child.Digest}' is missing");
        var config = await registry.GetBlobAsync(reference.Repository, ExistingImageReader.ConfigOf(manifest), cancellationToken);
        var layers = ManifestDocument.Parse(manifest).Layers;
        return new ImageFacts(ExistingImageReader.Read(named, config).Platforms, layers.Sum(layer => layer.Size), layers.Select(layer => layer.Size).DefaultIfEmpty().Max());
    }
}

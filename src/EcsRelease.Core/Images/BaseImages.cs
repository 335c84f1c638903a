using System.Text.Json.Nodes;
using EcsRelease.Registry;

namespace EcsRelease.Images;

/// <summary>Finds base images in registries. Indexes, manifests and configs stay on disk by digest, layers never:
/// a tag costs one request, a pinned digest none.</summary>
/// <param name="folder">Full path of the cache; created when missing.</param>
internal sealed class BaseImages(string folder, TimeProvider time) : IDisposable
{
    private readonly List<RegistryClient> clients = [];

    // Layers are read during the push, long after they were found, so clients live as long as this.
    public void Dispose() => clients.ForEach(client => client.Dispose());

    /// <exception cref="EcsReleaseException">ECSR3002 to 3005, 3009, 3019, 3020, 3022.</exception>
    public async Task<BaseImage> ResolveAsync(string image, string platform, RegistrySettings settings, CancellationToken cancellationToken)
    {
        var reference = ImageReference.Parse(image);
        var credentials = await RegistryCredentials.ForPullAsync(reference.Host, cancellationToken);
        var client = new RegistryClient(reference.RegistryHost, credentials, time, settings);
        clients.Add(client);

        var named = await ManifestAsync(client, reference, reference.Target, cancellationToken);
        var manifest = named;
        if (MediaTypes.IsIndex(named.MediaType))
            manifest = await ManifestAsync(client, reference, Pick(reference, named, platform).Digest, cancellationToken);
        var document = ManifestDocument.Parse(manifest);
        var config = await ConfigAsync(client, reference, document.Config!, cancellationToken);
        var offered = $"{(string?)config["os"] ?? "linux"}/{(string?)config["architecture"]}";
        if (offered != platform)
            throw Errors.PlatformMissing(image, platform, offered);
        return new BaseImage(reference.Pinned(named.Digest), named.Digest, MediaTypes.IsDocker(manifest.MediaType), config,
            [.. document.Layers.Select(layer => new ImageBlob(layer, token => client.OpenBlobAsync(reference.Repository, layer.Digest, token)))]);
    }

    private static Descriptor Pick(ImageReference reference, Manifest index, string platform)
    {
        var children = ManifestDocument.Parse(index).Children;
        return children.FirstOrDefault(child => child.Platform == platform)?.Descriptor
            ?? throw Errors.PlatformMissing(reference.ToString(), platform,
                string.Join(", ", children.Select(child => child.Platform).Where(offered => offered != "unknown/unknown").Distinct()));
    }

    private async Task<Manifest> ManifestAsync(RegistryClient client, ImageReference reference, string target, CancellationToken cancellationToken)
    {
        if (ImageReference.IsDigest(target) && await ReadAsync(target, cancellationToken) is { } cached)
            return new Manifest(ManifestDocument.MediaTypeOf(target, cached), target, cached);
        var manifest = await client.GetManifestAsync(reference.Repository, target, cancellationToken)
            ?? throw Errors.BaseImageUnavailable(reference.ToString(), "the registry has no such image");
        await WriteAsync(manifest.Digest, manifest.Bytes, cancellationToken);
        return manifest;
    }

    private async Task<JsonObject> ConfigAsync(RegistryClient client, ImageReference reference, Descriptor config, CancellationToken cancellationToken)
    {
        var bytes = await ReadAsync(config.Digest, cancellationToken);
        if (bytes is null)
        {
            bytes = await client.GetBlobAsync(reference.Repository, config, cancellationToken);
            await WriteAsync(config.Digest, bytes, cancellationToken);
        }
        return ManifestDocument.Read(config.Digest, bytes, root => root);
    }

    private async Task<byte[]?> ReadAsync(string digest, CancellationToken cancellationToken)
    {
        var file = FileOf(digest);
        if (!File.Exists(file))
            return null;
        var bytes = await File.ReadAllBytesAsync(file, cancellationToken);
        // A damaged file is as good as none: it is asked for again.
        return Sha256.Digest(bytes) == digest ? bytes : null;
    }

    private async Task WriteAsync(string digest, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var temporary = Path.Combine(folder, Path.GetRandomFileName() + ".tmp");
            await File.WriteAllBytesAsync(temporary, bytes, cancellationToken);
            File.Move(temporary, FileOf(digest), overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Errors.StateNotWritten(folder, failure.Message);
        }
    }

    private string FileOf(string digest) => Path.Combine(folder, Sha256.Hex(digest) + ".json");
}

using EcsRelease.Registry;

namespace EcsRelease.Images;

/// <summary>What a push did.</summary>
/// <param name="Digest">Of the manifest, as read back from the registry.</param>
/// <param name="Blobs">Blobs whose bytes were sent.</param>
/// <param name="Bytes">Bytes sent, blobs and manifests.</param>
/// <param name="Requests">HTTP requests to the registry.</param>
public sealed record PushResult(string Digest, int Blobs, long Bytes, int Requests);

/// <summary>Pushes an image: missing blobs, the manifest under its tag, a look at what the registry holds now, then the
/// moving tags.</summary>
public static class ImagePush
{
    // ECR answers bursts with throttling; more connections gain nothing there.
    private const int Parallel = 4;
    // ECR's manifest check can lag behind the blob's 201 by some hundred milliseconds.
    private static readonly TimeSpan BlobLag = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BlobLagStep = TimeSpan.FromMilliseconds(250);

    /// <param name="knownDigests">Blobs that the repository is known to hold: not asked for, not sent.</param>
    /// <exception cref="EcsReleaseException">ECSR3003 to 3006, 3008, 3011, 3021.</exception>
    public static async Task<PushResult> PushAsync(RegistryClient client, string repository, BuiltImage image, string tag,
        IReadOnlyList<string> movingTags, IReadOnlySet<string> knownDigests, IReporter reporter, CancellationToken cancellationToken)
    {
        var (blobs, bytes, requests) = (client.Traffic.BlobsSent, client.Traffic.BytesSent, client.Traffic.Requests);
        await UploadAsync(client, repository, image, knownDigests, reporter, cancellationToken);
        await PutAsync(client, repository, image, tag, reporter, cancellationToken);
        foreach (var moving in movingTags)
            if (await client.PutManifestAsync(repository, moving, image.Manifest, cancellationToken) == PutManifestResult.TagImmutable
                && (await client.GetManifestAsync(repository, moving, cancellationToken))?.Digest != image.Manifest.Digest)
                throw Errors.MovingTagImmutable(moving, repository);
        return new PushResult(image.Manifest.Digest, client.Traffic.BlobsSent - blobs, client.Traffic.BytesSent - bytes, client.Traffic.Requests - requests);
    }

    private static async Task UploadAsync(RegistryClient client, string repository, BuiltImage image, IReadOnlySet<string> known, IReporter reporter, CancellationToken cancellationToken)
    {
        var progress = new PushProgress(reporter, client.Time);
        var candidates = image.Blobs.Where(blob => !known.Contains(blob.Descriptor.Digest)).DistinctBy(blob => blob.Descriptor.Digest);
        await System.Threading.Tasks.Parallel.ForEachAsync(candidates, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken }, async (blob, token) =>
        {
            if (await client.ExistsAsync(repository, blob.Descriptor.Digest, token))
                return;
            progress.Expect(blob.Descriptor.Size);
            await client.UploadAsync(repository, blob.Descriptor, blob.Open, progress.Sent, token);
        });
    }

    private static async Task PutAsync(RegistryClient client, string repository, BuiltImage image, string tag, IReporter reporter, CancellationToken cancellationToken)
    {
        var name = $"{client.Host}/{repository}:{tag}";
        var result = await client.PutManifestAsync(repository, tag, image.Manifest, cancellationToken);
        if (result == PutManifestResult.BlobUnknown)
        {
            // What was taken for known may be gone: everything is looked at before more patience.
            await UploadAsync(client, repository, image, new HashSet<string>(), reporter, cancellationToken);
            result = await RetryAsync(client, repository, image, tag, cancellationToken);
        }
        if (result == PutManifestResult.BlobUnknown)
            throw Errors.BlobsVanished(name);
        var found = (await client.GetManifestAsync(repository, tag, cancellationToken))?.Digest ?? "nothing";
        if (found == image.Manifest.Digest)
            return;
        throw result == PutManifestResult.TagImmutable
            ? Errors.TagTaken(name, found, image.Manifest.Digest)
            : Errors.DigestDiffers(name, image.Manifest.Digest, found);
    }

    private static async Task<PutManifestResult> RetryAsync(RegistryClient client, string repository, BuiltImage image, string tag, CancellationToken cancellationToken)
    {
        var begin = client.Time.GetTimestamp();
        while (true)
        {
            var result = await client.PutManifestAsync(repository, tag, image.Manifest, cancellationToken);
            if (result != PutManifestResult.BlobUnknown || client.Time.GetElapsedTime(begin) > BlobLag)
                return result;
            await Task.Delay(BlobLagStep, client.Time, cancellationToken);
        }
    }
}

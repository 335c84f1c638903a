using EcsRelease.Registry;

namespace EcsRelease.Images;

/// <summary>Which of these digests are blobs that the repository holds.</summary>
public delegate Task<IReadOnlySet<string>> BlobLook(IReadOnlyList<string> digests, CancellationToken cancellationToken);

/// <summary>Pushes an image: missing blobs, the manifest under its tag, a look at what the registry holds now.</summary>
public static class ImagePush
{
    // ECR answers bursts with throttling; more connections gain nothing there.
    private const int Parallel = 4;
    // ECR's manifest check can lag behind the blob's 201 by some hundred milliseconds.
    private static readonly TimeSpan BlobLag = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan BlobLagStep = TimeSpan.FromMilliseconds(250);

    /// <param name="known">Blobs that the repository is taken to hold: not looked for, not sent.</param>
    /// <param name="look">Looks for the others.</param>
    /// <exception cref="EcsReleaseException">ECSR3003 to 3006, 3008, 3021, 3025.</exception>
    public static async Task PushAsync(RegistryClient client, string repository, BuiltImage image, string tag,
        IReadOnlySet<string> known, BlobLook look, IReporter reporter, CancellationToken cancellationToken)
    {
        await UploadAsync(known);
        // What was taken for known may be gone: everything is looked at before more patience.
        await PutTagAsync(client, repository, tag, image.Manifest, () => UploadAsync(new HashSet<string>()),
            found => Errors.TagTaken($"{client.Host}/{repository}:{tag}", found, image.Manifest.Digest), cancellationToken);

        Task UploadAsync(IReadOnlySet<string> skipped) => ImagePush.UploadAsync(client, repository, image, skipped, look, reporter, cancellationToken);
    }

    /// <summary>Moves a tag to a manifest whose blobs are there.</summary>
    /// <param name="immutable">The error of a tag that must not move.</param>
    /// <exception cref="EcsReleaseException">ECSR3003 to 3005, 3008, 3025, or what <paramref name="immutable"/> gives.</exception>
    public static Task MoveTagAsync(RegistryClient client, string repository, string tag, Manifest manifest, Func<EcsReleaseException> immutable, CancellationToken cancellationToken) =>
        PutTagAsync(client, repository, tag, manifest, () => Task.CompletedTask, _ => immutable(), cancellationToken);

    private static async Task UploadAsync(RegistryClient client, string repository, BuiltImage image, IReadOnlySet<string> skipped, BlobLook look, IReporter reporter, CancellationToken cancellationToken)
    {
        var blobs = image.Blobs.DistinctBy(blob => blob.Descriptor.Digest).Where(blob => !skipped.Contains(blob.Descriptor.Digest)).ToList();
        if (blobs.Count == 0)
            return;
        var present = await look([.. blobs.Select(blob => blob.Descriptor.Digest)], cancellationToken);
        blobs.RemoveAll(blob => present.Contains(blob.Descriptor.Digest));
        var progress = new PushProgress(reporter, client.Time);
        progress.Expect(blobs.Sum(blob => blob.Descriptor.Size));
        await System.Threading.Tasks.Parallel.ForEachAsync(blobs, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (blob, token) => await client.UploadAsync(repository, blob.Descriptor, blob.Open, progress.Sent, token));
    }

    /// <summary>Stores the manifest under the tag and reads back what the tag names now.</summary>
    /// <param name="repair">Done once when the registry lacks a blob of it.</param>
    /// <param name="immutable">The error of an immutable tag, from the digest that it has.</param>
    private static async Task PutTagAsync(RegistryClient client, string repository, string tag, Manifest manifest,
        Func<Task> repair, Func<string, EcsReleaseException> immutable, CancellationToken cancellationToken)
    {
        var name = $"{client.Host}/{repository}:{tag}";
        var result = await client.PutManifestAsync(repository, tag, manifest, cancellationToken);
        if (result == PutManifestResult.BlobUnknown)
        {
            await repair();
            result = await RetryAsync(client, repository, tag, manifest, cancellationToken);
        }
        if (result == PutManifestResult.BlobUnknown)
            throw Errors.BlobsVanished(name);
        var found = (await client.GetManifestAsync(repository, tag, cancellationToken))?.Digest ?? "nothing";
        if (found != manifest.Digest)
            throw result == PutManifestResult.TagImmutable ? immutable(found) : Errors.DigestDiffers(name, manifest.Digest, found);
    }

    private static async Task<PutManifestResult> RetryAsync(RegistryClient client, string repository, string tag, Manifest manifest, CancellationToken cancellationToken)
    {
        var begin = client.Time.GetTimestamp();
        while (true)
        {
            var result = await client.PutManifestAsync(repository, tag, manifest, cancellationToken);
            if (result != PutManifestResult.BlobUnknown || client.Time.GetElapsedTime(begin) > BlobLag)
                return result;
            await Task.Delay(BlobLagStep, client.Time, cancellationToken);
        }
    }
}

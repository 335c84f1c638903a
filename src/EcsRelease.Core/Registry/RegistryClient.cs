using System.Net;
using System.Net.Http.Headers;

namespace EcsRelease.Registry;

public enum PutManifestResult
{
    Stored,

    /// <summary>The tag exists and must not be overwritten (code TAG_INVALID).</summary>
    TagImmutable,

    /// <summary>The registry does not know a blob (yet) that the manifest names.</summary>
    BlobUnknown,
}

/// <summary>Speaks the registry protocol (OCI distribution-spec 1.1) to one host.</summary>
public sealed class RegistryClient : IDisposable
{
    // distribution's own limit of a manifest; a config is of its kind.
    private const int LargestDocument = 4 * 1024 * 1024;

    private readonly RegistryHost host;
    private readonly RegistryTransport transport;
    private readonly TimeProvider time;

    /// <param name="host">`HOST[:PORT]`; http on loopback, https everywhere else.</param>
    public RegistryClient(string host, RegistryCredentials credentials, TimeProvider time, RegistrySettings? settings = null, RegistryTraffic? traffic = null)
    {
        this.host = new RegistryHost(host);
        this.time = time;
        transport = new RegistryTransport(this.host, credentials, settings ?? RegistrySettings.Default, time, traffic ?? new RegistryTraffic());
    }

    public string Host => host.ToString();

    public RegistryTraffic Traffic => transport.Traffic;

    internal TimeProvider Time => time;

    public void Dispose() => transport.Dispose();

    /// <summary>The manifest or index under a tag or digest; null when there is none.</summary>
    /// <exception cref="EcsReleaseException">ECSR3003, 3004, 3005, 3022.</exception>
    public async Task<Manifest?> GetManifestAsync(string repository, string tagOrDigest, CancellationToken cancellationToken)
    {
        using var response = await transport.SendAsync(() =>
        {
            var request = Request(HttpMethod.Get, $"{repository}/manifests/{tagOrDigest}");
            foreach (var accepted in MediaTypes.Manifests)
                request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accepted));
            return request;
        }, Pull(repository), cancellationToken);
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        await ThrowUnlessSuccessAsync(response, cancellationToken);
        var bytes = await ReadAsync(response, cancellationToken);
        var manifest = new Manifest(MediaTypeOf(response, bytes), Sha256.Digest(bytes), bytes);
        if (ImageReference.IsDigest(tagOrDigest) && tagOrDigest != manifest.Digest)
            throw Errors.ContentDiffers($"{Host}/{repository}@{tagOrDigest}", manifest.Digest);
        return manifest;
    }

    /// <summary>Stores a manifest under a tag or its digest.</summary>
    public async Task<PutManifestResult> PutManifestAsync(string repository, string tagOrDigest, Manifest manifest, CancellationToken cancellationToken)
    {
        using var response = await transport.SendAsync(() =>
        {
            var request = Request(HttpMethod.Put, $"{repository}/manifests/{tagOrDigest}");
            request.Content = new ReadOnlyMemoryContent(manifest.Bytes);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(manifest.MediaType);
            return request;
        }, PullPush(repository), cancellationToken);
        Traffic.Sent(manifest.Bytes.Length);
        if (response.IsSuccessStatusCode)
            return PutManifestResult.Stored;
        var answer = await RegistryAnswer.ReadAsync(response, cancellationToken);
        return answer.Code switch
        {
            "TAG_INVALID" => PutManifestResult.TagImmutable,
            "BLOB_UNKNOWN" or "MANIFEST_BLOB_UNKNOWN" or "LAYERS_NOT_FOUND" => PutManifestResult.BlobUnknown,
            _ => throw answer.ToException(),
        };
    }

    /// <summary>A small blob (a config), whole, and what its digest says.</summary>
    /// <exception cref="EcsReleaseException">ECSR3003, 3004, 3005, 3019 too large, 3022.</exception>
    public async Task<byte[]> GetBlobAsync(string repository, Descriptor blob, CancellationToken cancellationToken)
    {
        var name = $"{Host}/{repository}@{blob.Digest}";
        if (blob.Size is < 0 or > LargestDocument)
            throw Errors.ManifestUnreadable($"'{name}'", $"it has {blob.Size} bytes");
        using var response = await GetAsync(repository, blob.Digest, cancellationToken);
        var bytes = await ReadAsync(response, cancellationToken);
        return Sha256.Digest(bytes) is var found && found == blob.Digest ? bytes : throw Errors.ContentDiffers(name, found);
    }

    /// <summary>Opens a blob as it arrives; the caller disposes the stream.</summary>
    public async Task<Stream> OpenBlobAsync(string repository, string digest, CancellationToken cancellationToken) =>
        await (await GetAsync(repository, digest, cancellationToken)).Content.ReadAsStreamAsync(cancellationToken);

    private async Task<HttpResponseMessage> GetAsync(string repository, string digest, CancellationToken cancellationToken)
    {
        var response = await transport.SendAsync(() => Request(HttpMethod.Get, $"{repository}/blobs/{digest}"), Pull(repository), cancellationToken);
        if (response.IsSuccessStatusCode)
            return response;
        using (response)
            throw (await RegistryAnswer.ReadAsync(response, cancellationToken)).ToException();
    }

    private async Task<byte[]> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await response.Content.LoadIntoBufferAsync(LargestDocument, cancellationToken);
            return await response.Content.ReadAsByteArrayAsync(cancellationToken);
        }
        catch (Exception cut) when (cut is HttpRequestException or IOException)
        {
            throw Errors.RegistryUnreachable(Host, RegistryAnswer.Why(cut), cut);
        }
    }

    /// <summary>Uploads a blob: POST for a session, one PUT with the whole body. Chunks are never sent: ECR's answers to
    /// them differ, and a session that failed cannot be resumed there, so a retry takes a new session.</summary>
    /// <param name="open">Opens the bytes, anew for each try.</param>
    /// <param name="progress">Bytes more (or, when a try is given up, fewer) than before.</param>
    public async Task UploadAsync(string repository, Descriptor blob, Func<CancellationToken, Task<Stream>> open, Action<long>? progress, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var session = await OpenSessionAsync(repository, cancellationToken);
            var source = await open(cancellationToken);
            var sent = 0L;
            var content = new BlobContent(source, blob.Size, count =>
            {
                sent += count;
                Traffic.Sent(count);
                progress?.Invoke(count);
            });
            content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            var target = WithDigest(session, blob.Digest);
            using var request = new HttpRequestMessage(HttpMethod.Put, target) { Content = content };
            var (response, cause) = await transport.TryAsync(() => request, PullPush(repository), cancellationToken);
            using var answered = response;
            if (response is { IsSuccessStatusCode: true })
            {
                Traffic.Blob();
                return;
            }
            var answer = response is null ? null : await RegistryAnswer.ReadAsync(response, cancellationToken);
            if (attempt >= transport.Attempts || (answer is not null && !MayPass(answer)))
                throw answer?.ToException() ?? Errors.RegistryUnreachable(Host, RegistryAnswer.Why(cause!), cause);
            progress?.Invoke(-sent);
            await Task.Delay(transport.DelayBefore(attempt, response), time, cancellationToken);
        }
    }

    private async Task<Uri> OpenSessionAsync(string repository, CancellationToken cancellationToken)
    {
        using var response = await transport.SendAsync(() => Request(HttpMethod.Post, $"{repository}/blobs/uploads/"), PullPush(repository), cancellationToken);
        await ThrowUnlessSuccessAsync(response, cancellationToken);
        return response.Headers.Location is { } location
            ? host.Follow(response.RequestMessage!.RequestUri!, location.OriginalString)
            : throw Errors.RegistryAnswer(RegistryAnswer.Describe(response.RequestMessage!), (int)response.StatusCode, "no Location of the upload session");
    }

    private static Uri WithDigest(Uri session, string digest)
    {
        var state = session.Query.TrimStart('?');
        return new UriBuilder(session) { Query = (state.Length > 0 ? state + "&" : "") + "digest=" + Uri.EscapeDataString(digest) }.Uri;
    }

    private static bool MayPass(RegistryAnswer answer) => RegistryTransport.IsPassing(answer.Status)
        || answer.Code is "BLOB_UPLOAD_INVALID" or "BLOB_UPLOAD_UNKNOWN" or "DIGEST_INVALID" or "SIZE_INVALID";

    private HttpRequestMessage Request(HttpMethod method, string path) => new(method, new Uri(host.Root, "/v2/" + path));

    private static async Task ThrowUnlessSuccessAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
            throw (await RegistryAnswer.ReadAsync(response, cancellationToken)).ToException();
    }

    private static string MediaTypeOf(HttpResponseMessage response, byte[] bytes)
    {
        var header = response.Content.Headers.ContentType?.MediaType;
        if (header is not null && MediaTypes.Manifests.Contains(header))
            return header;
        return ManifestDocument.MediaTypeOf(RegistryAnswer.Describe(response.RequestMessage!), bytes);
    }

    private static string Pull(string repository) => $"repository:{repository}:pull";

    private static string PullPush(string repository) => $"repository:{repository}:pull,push";
}

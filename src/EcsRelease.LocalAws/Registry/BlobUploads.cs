using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Registry;

/// <summary>
/// Uploads under way. They live in memory and in a temporary file; after a restart they are unknown and swept.
/// Bytes are hashed as they stream by, so a layer of gigabytes needs no memory and is read once.
/// </summary>
public sealed class BlobUploads(BlobStore blobs) : IDisposable
{
    /// <summary>ECR's own: 52,000 MiB (ECR User Guide, "Service quotas").</summary>
    private const long LayerLimit = 52_000L * 1024 * 1024;

    private readonly ConcurrentDictionary<Guid, Upload> uploads = new();

    public Guid Start(string repository)
    {
        var id = Guid.NewGuid();
        uploads[id] = new Upload(repository, blobs.NewTemporary());
        return id;
    }

    /// <summary>Bytes received so far.</summary>
    public long Offset(string repository, string id) => Find(repository, id).Upload.Length;

    /// <summary>Appends the body. A body that breaks off ends the upload: as with ECR, the client starts a new one.</summary>
    public async Task<long> AppendAsync(string repository, string id, Stream body, long? start, CancellationToken cancellationToken)
    {
        var (key, upload) = Find(repository, id);
        using var turn = upload.Enter();
        if (start is not null && start != upload.Length)
            throw new RegistryError(416, "BLOB_UPLOAD_INVALID", $"The chunk starts at {start}, and {upload.Length} bytes have come.");
        var complete = false;
        try
        {
            await upload.AppendAsync(body, LayerLimit, cancellationToken);
            complete = true;
            return upload.Length;
        }
        finally
        {
            if (!complete)
                Forget(key);
        }
    }

    /// <summary>Makes the blob of it. The upload is gone afterwards, also when the digest is another one.</summary>
    /// <returns>The blob's length in bytes.</returns>
    public long Finish(string repository, string id, string digest)
    {
        var (key, upload) = Find(repository, id);
        using var turn = upload.Enter();
        try
        {
            if (upload.Close() != digest)
                throw RegistryError.DigestInvalid(digest);
            blobs.Adopt(upload.File, digest);
            return upload.Length;
        }
        finally
        {
            Forget(key);
        }
    }

    public void Cancel(string repository, string id) => Forget(Find(repository, id).Key);

    public void Dispose()
    {
        foreach (var key in uploads.Keys)
            Forget(key);
    }

    private (Guid Key, Upload Upload) Find(string repository, string id) =>
        Guid.TryParseExact(id, "D", out var key) && uploads.TryGetValue(key, out var upload) && upload.Repository == repository
            ? (key, upload)
            : throw RegistryError.UploadUnknown();

    private void Forget(Guid key)
    {
        if (uploads.TryRemove(key, out var upload))
            upload.Dispose();
    }

    private sealed class Upload(string repository, string file) : IDisposable
    {
        private readonly FileStream stream = StateFolder.OpenPrivate(file, FileMode.CreateNew, FileShare.Delete);
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private int busy;

        public string Repository { get; } = repository;

        public string File { get; } = file;

        public long Length { get; private set; }

        /// <summary>Two requests at once on one upload would mix their bytes.</summary>
        public IDisposable Enter() => Interlocked.Exchange(ref busy, 1) == 0
            ? new Turn(this)
            : throw new RegistryError(400, "BLOB_UPLOAD_INVALID", "Another request is writing to this upload.");

        public async Task AppendAsync(Stream body, long limit, CancellationToken cancellationToken)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
            try
            {
                int read;
                while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
                {
                    if (Length + read > limit)
                        throw new RegistryError(413, "SIZE_INVALID", $"A layer has at most {limit} bytes.");
                    hash.AppendData(buffer, 0, read);
                    await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                    Length += read;
                }
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        public string Close()
        {
            stream.Flush(flushToDisk: true);
            stream.Dispose();
            return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
        }

        public void Dispose()
        {
            stream.Dispose();
            hash.Dispose();
            System.IO.File.Delete(File);
        }

        private sealed class Turn(Upload upload) : IDisposable
        {
            public void Dispose() => Volatile.Write(ref upload.busy, 0);
        }
    }
}

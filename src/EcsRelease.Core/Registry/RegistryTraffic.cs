namespace EcsRelease.Registry;

/// <summary>Counts what went to a registry: the figures of the release record. Safe for parallel use.</summary>
public sealed class RegistryTraffic
{
    private long requests;
    private long bytesSent;
    private long blobsSent;

    /// <summary>HTTP requests, redirects, retries and token requests included.</summary>
    public int Requests => (int)Interlocked.Read(ref requests);

    /// <summary>Bytes of blobs and manifests that were sent, those of failed attempts included.</summary>
    public long BytesSent => Interlocked.Read(ref bytesSent);

    /// <summary>Blobs that the registry took.</summary>
    public int BlobsSent => (int)Interlocked.Read(ref blobsSent);

    internal void Request() => Interlocked.Increment(ref requests);

    internal void Sent(long bytes) => Interlocked.Add(ref bytesSent, bytes);

    internal void Blob() => Interlocked.Increment(ref blobsSent);
}

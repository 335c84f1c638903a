using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Registry;

/// <summary>Bytes by their SHA-256, shared by all repositories: blobs/sha256/ab/ab12….</summary>
public sealed class BlobStore(StateFolder folder)
{
    public bool Exists(string digest) => File.Exists(PathOf(digest));

    public string PathOf(string digest)
    {
        if (!RegistryNames.IsDigest(digest))
            throw new ArgumentException($"\"{digest}\" is no digest.", nameof(digest));
        var hex = digest["sha256:".Length..];
        return Path.Combine(folder.Blobs, "sha256", hex[..2], hex);
    }

    public Stream Open(string digest) => new FileStream(PathOf(digest), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);

    public byte[] Read(string digest) => File.ReadAllBytes(PathOf(digest));

    /// <summary>Takes a complete, flushed file over. Its digest was checked while it was written.</summary>
    public void Adopt(string temporary, string digest)
    {
        var path = PathOf(digest);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Two pushes of one blob end here at the same time: both have the same bytes. Windows cannot replace a file that is read.
        if (File.Exists(path))
            File.Delete(temporary);
        else
            File.Move(temporary, path, overwrite: true);
    }

    public void Write(string digest, ReadOnlySpan<byte> bytes)
    {
        if (Exists(digest))
            return;
        var temporary = NewTemporary();
        using (var stream = StateFolder.OpenPrivate(temporary, FileMode.CreateNew, FileShare.None))
        {
            stream.Write(bytes);
            stream.Flush(flushToDisk: true);
        }

        Adopt(temporary, digest);
    }

    public string NewTemporary() => Path.Combine(folder.Uploads, Guid.NewGuid().ToString("N"));

    /// <summary>Before the first request: half uploads of an earlier life, and blobs that no repository has.</summary>
    public void Sweep(IReadOnlySet<string> kept)
    {
        foreach (var upload in Directory.EnumerateFiles(folder.Uploads))
            File.Delete(upload);
        foreach (var blob in Directory.EnumerateFiles(folder.Blobs, "*", SearchOption.AllDirectories))
        {
            if (!kept.Contains("sha256:" + Path.GetFileName(blob)))
                File.Delete(blob);
        }
    }
}

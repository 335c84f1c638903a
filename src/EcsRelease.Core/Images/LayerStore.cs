using EcsRelease.Registry;

namespace EcsRelease.Images;

/// <summary>A layer in the store.</summary>
/// <param name="DiffId">Digest of the uncompressed tar: the layer's name in the config.</param>
/// <param name="Blob">The compressed bytes, media type of OCI.</param>
/// <param name="File">Full path of them.</param>
public sealed record StoredLayer(string DiffId, Descriptor Blob, string File);

/// <summary>Compressed layers by diffID on this machine's disk, so that a layer is compressed once. Safe for several
/// processes: a file appears by a rename, complete or not at all.</summary>
/// <param name="folder">Full path; created when missing.</param>
/// <param name="capacity">Bytes; beyond it the layers longest not used are deleted.</param>
public sealed class LayerStore(string folder, TimeProvider time, long capacity = LayerStore.DefaultCapacity)
{
    public const long DefaultCapacity = 2L * 1024 * 1024 * 1024;
    private static readonly TimeSpan Abandoned = TimeSpan.FromDays(1);

    /// <summary>The layer of these entries, from the store or compressed into it.</summary>
    internal async Task<StoredLayer> GetOrAddAsync(IReadOnlyList<LayerEntry> ordered, CancellationToken cancellationToken)
    {
        var diffId = await TarLayer.DiffIdAsync(ordered, cancellationToken);
        return Find(diffId) ?? await AddAsync(ordered, cancellationToken);
    }

    internal StoredLayer? Find(string diffId)
    {
        if (!Directory.Exists(folder))
            return null;
        // Both digests and the size are the name: no second file that could disagree, and a cut file is not found.
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles(Sha256.Hex(diffId)[..16] + "*.tar.gz"))
        {
            var parts = file.Name.Split('.');
            if (!file.Exists || parts.Length != 5 || "sha256:" + parts[0] != diffId || parts[2] != file.Length.ToString(System.Globalization.CultureInfo.InvariantCulture))
                continue;
            Touch(file.FullName);
            return new StoredLayer(diffId, new Descriptor(MediaTypes.OciLayerGzip, "sha256:" + parts[1], file.Length), file.FullName);
        }
        return null;
    }

    private async Task<StoredLayer> AddAsync(IReadOnlyList<LayerEntry> ordered, CancellationToken cancellationToken)
    {
        var temporary = Path.Combine(folder, Path.GetRandomFileName() + ".tmp");
        try
        {
            Directory.CreateDirectory(folder);
            GzipResult result;
            await using (var stream = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 1 << 16 }))
                result = await GzipLayer.WriteAsync(ordered, stream, cancellationToken);
            var file = Path.Combine(folder, FormattableString.Invariant($"{Sha256.Hex(result.DiffId)}.{Sha256.Hex(result.Digest)}.{result.Size}.tar.gz"));
            // Windows cannot replace a file that another process reads.
            if (!File.Exists(file) || new FileInfo(file).Length != result.Size)
                File.Move(temporary, file, overwrite: true);
            Trim(file);
            return new StoredLayer(result.DiffId, new Descriptor(MediaTypes.OciLayerGzip, result.Digest, result.Size), file);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Errors.StateNotWritten(folder, failure.Message);
        }
        finally
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
        }
    }

    private void Trim(string newest)
    {
        // Others add and delete here at the same time; Exists reads a file's state, which is kept then.
        var files = new DirectoryInfo(folder).GetFiles().Where(file => file.Exists).ToList();
        var total = files.Sum(file => file.Length);
        foreach (var file in files.OrderBy(file => file.LastWriteTimeUtc))
        {
            var isLeftOver = file.Extension == ".tmp" && time.GetUtcNow() - file.LastWriteTimeUtc > Abandoned;
            if (!isLeftOver && (total <= capacity || file.Extension == ".tmp" || file.FullName == newest))
                continue;
            var length = file.Length;
            try
            {
                file.Delete();
                total -= length;
            }
            catch (Exception inUse) when (inUse is IOException or UnauthorizedAccessException)
            {
                // Another process reads it (Windows): the next trim takes it.
                continue;
            }
        }
    }

    private void Touch(string file)
    {
        try
        {
            File.SetLastWriteTimeUtc(file, time.GetUtcNow().UtcDateTime);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // A store that others own is used as it is; only the order of deletion suffers.
            return;
        }
    }
}

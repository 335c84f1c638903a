using System.IO.Compression;

namespace EcsRelease.Images;

/// <param name="DiffId">Digest of the uncompressed tar.</param>
/// <param name="Digest">Digest of the compressed bytes.</param>
/// <param name="Size">Compressed bytes.</param>
internal sealed record GzipResult(string DiffId, string Digest, long Size);

/// <summary>Compresses a layer so that every machine makes the same bytes of it.</summary>
internal static class GzipLayer
{
    /// <summary>Both digests in one pass.</summary>
    public static async Task<GzipResult> WriteAsync(IReadOnlyList<LayerEntry> ordered, Stream target, CancellationToken cancellationToken)
    {
        await using var compressed = new DigestStream(target);
        await using var header = new SystemByteStream(compressed);
        string diffId;
        // zlib-ng's level 9 is the only one that gives equal bytes in every version, processor and size of writes.
        await using (var gzip = new GZipStream(header, CompressionLevel.SmallestSize, leaveOpen: true))
        await using (var raw = new DigestStream(gzip))
        {
            await TarLayer.WriteAsync(ordered, raw, cancellationToken);
            diffId = raw.Digest();
        }
        return new GzipResult(diffId, compressed.Digest(), compressed.Count);
    }

    /// <summary>Replaces the header's system byte (RFC 1952, OS) by 255, unknown: zlib-ng writes 10 on Windows, 3 elsewhere.</summary>
    private sealed class SystemByteStream(Stream inner) : Stream
    {
        private const int Offset = 9;
        private long position;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => position;
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            Mark(buffer.AsSpan(offset, count));
            inner.Write(buffer, offset, count);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (position > Offset)
                return inner.WriteAsync(buffer, cancellationToken);
            var copy = buffer.ToArray();
            Mark(copy);
            return inner.WriteAsync(copy, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush() => inner.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        private void Mark(Span<byte> bytes)
        {
            if (position <= Offset && position + bytes.Length > Offset)
                bytes[(int)(Offset - position)] = 0xFF;
            position += bytes.Length;
        }
    }
}

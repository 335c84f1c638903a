using System.Net;

namespace EcsRelease.Registry;

/// <summary>The body of an upload: a stream of known length, never held in memory.</summary>
/// <param name="sent">Told of every piece that went out, in bytes.</param>
internal sealed class BlobContent(Stream source, long length, Action<long> sent) : HttpContent
{
    private const int PieceLength = 64 * 1024;

    /// <summary>Called after each piece.</summary>
    public Action? Moved { get; set; }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var piece = new byte[PieceLength];
        int count;
        while ((count = await source.ReadAsync(piece, cancellationToken)) > 0)
        {
            await stream.WriteAsync(piece.AsMemory(0, count), cancellationToken);
            sent(count);
            Moved?.Invoke();
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            source.Dispose();
        base.Dispose(disposing);
    }
}

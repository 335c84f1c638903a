namespace EcsRelease.Images;

/// <summary>Bytes sent of bytes to send, told to the reporter a few times a second.</summary>
internal sealed class PushProgress(IReporter reporter, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly Lock gate = new();
    private long total;
    private long done;
    private long lastTold = time.GetTimestamp();

    public void Expect(long bytes)
    {
        lock (gate)
            total += bytes;
    }

    /// <param name="bytes">Negative when a try is given up.</param>
    public void Sent(long bytes)
    {
        lock (gate)
        {
            done += bytes;
            if (done < total && time.GetElapsedTime(lastTold) < Pause)
                return;
            lastTold = time.GetTimestamp();
            reporter.Progress(new Progress("sending", done, total, "bytes"));
        }
    }
}

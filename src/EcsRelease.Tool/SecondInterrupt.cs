using System.Runtime.InteropServices;

namespace EcsRelease.Tool;

/// <summary>Ctrl-C once more, by who does not want to wait for what the first one began.</summary>
internal sealed class SecondInterrupt : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration registration;
    private int interrupts;

    private SecondInterrupt() => registration = PosixSignalRegistration.Create(PosixSignal.SIGINT, _ =>
    {
        if (Interlocked.Increment(ref interrupts) > 1)
            source.Cancel();
    });

    public CancellationToken Token => source.Token;

    public static SecondInterrupt Listen() => new();

    public void Dispose()
    {
        registration.Dispose();
        source.Dispose();
    }
}

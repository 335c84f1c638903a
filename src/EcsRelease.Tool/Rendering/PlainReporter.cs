using Spectre.Console;

namespace EcsRelease.Tool.Rendering;

/// <summary>One line per change, and a sign of life where nothing changes for long: CI ends jobs that are silent.</summary>
internal sealed class PlainReporter : StepReporter
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(30);
    private readonly Lock gate = new();
    private readonly IAnsiConsole console;
    private readonly TimeProvider time;
    private readonly ITimer heartbeat;
    private readonly long startedAt;
    private string lastText = "";

    public PlainReporter(IAnsiConsole console, TimeProvider time)
    {
        this.console = console;
        this.time = time;
        startedAt = time.GetTimestamp();
        heartbeat = time.CreateTimer(_ => Beat(), null, Heartbeat, Heartbeat);
    }

    public override void Progress(Progress progress)
    {
        lock (gate)
        {
            if (progress.Text == lastText)
                return;
            lastText = progress.Text;
            Write($"  {progress.Counted}");
        }
    }

    public override void Detail(string text)
    {
        lock (gate)
            Write($"  {text}");
    }

    public override void Warn(Notice warning)
    {
        lock (gate)
            Write($"warning {warning.Code}: {warning.Message}");
    }

    public override ValueTask DisposeAsync() => heartbeat.DisposeAsync();

    protected override void Begin(ReleaseStep step, string text)
    {
        lock (gate)
        {
            lastText = text;
            Write($"{Word(step)}: {text}");
        }
    }

    private void Beat()
    {
        lock (gate)
            if (lastText.Length > 0)
                Write($"  still {lastText} ({time.GetElapsedTime(startedAt):mm\\:ss})");
    }

    private void Write(string line)
    {
        console.WriteLine(line);
        heartbeat.Change(Heartbeat, Heartbeat);
    }
}

using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace EcsRelease.Tool.Rendering;

/// <summary>The steps with their times, redrawn in place; lasting lines scroll by above.</summary>
internal sealed class LiveReporter : StepReporter
{
    private const string Frames = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(120);
    private readonly Lock gate = new();
    // Spectre.Console takes its lock of the display and that of the console in one order to redraw and in the other to
    // write a line above: only one of the two may go on at a time.
    private readonly Lock screen = new();
    private readonly IAnsiConsole console;
    private readonly TimeProvider time;
    private CancellationTokenSource ended = new();
    private readonly List<(ReleaseStep Step, string Text, TimeSpan Elapsed)> done = [];
    private Task drawing;
    private (ReleaseStep Step, string Text, long StartedAt)? running;
    private Progress? progress;
    private int frame;

    public LiveReporter(IAnsiConsole console, TimeProvider time)
    {
        this.console = console;
        this.time = time;
        drawing = DrawAsync();
    }

    public override void Progress(Progress progress)
    {
        lock (gate)
            this.progress = progress;
    }

    public override void Detail(string text) => Lasting(text, Style.Plain);

    public override void Warn(Notice warning) => Lasting($"warning {warning.Code}: {warning.Message}", new Style(Color.Yellow));

    public override async Task<T> AsideAsync<T>(Func<Task<T>> work)
    {
        await DisposeAsync().ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            lock (gate)
                done.Clear();
            ended = new();
            drawing = DrawAsync();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        lock (gate)
            Finish();
        await ended.CancelAsync().ConfigureAwait(false);
        await drawing.ConfigureAwait(false);
        ended.Dispose();
        // The display keeps the height that it once had; the steps alone stay.
        if (done.Count > 0)
            console.Write(Draw());
    }

    protected override void Begin(ReleaseStep step, string text)
    {
        lock (gate)
        {
            Finish();
            running = (step, text, time.GetTimestamp());
        }
    }

    private void Lasting(string text, Style style)
    {
        lock (screen)
            console.Write(new AboveLive(new Text(text + "\n", style)));
    }

    private void Finish()
    {
        if (running is { } step)
            done.Add((step.Step, step.Text, time.GetElapsedTime(step.StartedAt)));
        running = null;
        progress = null;
    }

    private Task DrawAsync() => console.Live(Draw()).AutoClear(true).StartAsync(DrawUntilEndedAsync);

    private async Task DrawUntilEndedAsync(LiveDisplayContext live)
    {
        using var ticks = new PeriodicTimer(Refresh, time);
        try
        {
            while (await ticks.WaitForNextTickAsync(ended.Token).ConfigureAwait(false))
                Redraw(live);
        }
        catch (OperationCanceledException)
        {
            Redraw(live);
        }
    }

    private void Redraw(LiveDisplayContext live)
    {
        var rows = Draw();
        lock (screen)
            live.UpdateTarget(rows);
    }

    private Rows Draw()
    {
        lock (gate)
        {
            var lines = new List<IRenderable>();
            lines.AddRange(done.Select(step => Line("·", step.Step, step.Text, step.Elapsed, Color.Grey)));
            if (running is { } current)
            {
                lines.Add(Line(Frames[frame++ % Frames.Length].ToString(), current.Step, progress is null ? current.Text : progress.Counted, time.GetElapsedTime(current.StartedAt), Color.Default, progress?.Limit));
                lines.AddRange(Below(progress?.Lines ?? [], console.Profile.Height - lines.Count - 2).Select(line => OneLine("      " + line, Color.Grey)));
            }
            else if (progress is not null)
                lines.Add(OneLine(Frames[frame++ % Frames.Length] + " " + progress.Counted, Color.Grey));
            return new Rows(lines);
        }
    }

    // A live display that is higher than the terminal cannot be redrawn in place.
    private static IEnumerable<string> Below(IReadOnlyList<string> lines, int room) =>
        lines.Count <= room ? lines : [.. lines.Take(Math.Max(0, room - 1)), $"and {lines.Count - Math.Max(0, room - 1)} more"];

    private Text Line(string mark, ReleaseStep step, string text, TimeSpan elapsed, Color color, TimeSpan? limit = null) =>
        OneLine(string.Create(CultureInfo.InvariantCulture, $"{mark} {Word(step),-9} {elapsed.TotalSeconds,6:0.0} s{(limit is { } most ? $" of {most.TotalMinutes:0.#} min" : "")}  {text}"), color);

    // Words that do not fit would go to a row of their own; what comes from a service may hold control characters.
    private Text OneLine(string text, Color color)
    {
        var plain = new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
        var width = Math.Max(20, console.Profile.Width - 1);
        return new(plain.Length <= width ? plain : plain[..(width - 1)] + "…", new Style(color)) { Overflow = Overflow.Crop };
    }
}

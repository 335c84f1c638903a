using System.Text.Json;
using EcsRelease.Tool.Rendering;
using EcsRelease.Verbs;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace EcsRelease.Tool.Commands;

/// <summary>`status --watch`: a view that is redrawn on a terminal; elsewhere a line, or with --json a document of one
/// line, for each change. Ctrl-C is its end, not a failure.</summary>
internal sealed class StatusWatch(StatusMany statuses, bool isSingle, bool isLive, bool isJson, IAnsiConsole results, TextWriter output, TimeProvider time)
{
    private static readonly TimeSpan _redraw = TimeSpan.FromSeconds(1);
    private static readonly JsonSerializerOptions _oneLine = new(ReleaseRecord.Json) { WriteIndented = false };
    private string? note;

    /// <summary>Said below the view: a look failed and is repeated.</summary>
    public void Note(Notice warning) => note = $"{time.GetUtcNow():HH:mm:ss} warning {warning.Code}: {warning.Message}";

    /// <exception cref="EcsReleaseException">Of the first look, or of the one service that is watched.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var looks = statuses.WatchAsync(cancellationToken);
        if (isLive)
            await results.Live(new Text("")).StartAsync(live => DrawAsync(live, looks, cancellationToken)).ConfigureAwait(false);
        else
            await WriteAsync(looks, cancellationToken).ConfigureAwait(false);
    }

    private async Task WriteAsync(IAsyncEnumerable<IReadOnlyList<ServiceStatus>> looks, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> before = [];
        await foreach (var look in looks.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            Check(look);
            if (isJson)
                await output.WriteLineAsync(JsonSerializer.Serialize(isSingle ? look[0] : ShownMany.Document(look), _oneLine)).ConfigureAwait(false);
            // A change that its line does not tell is of no interest here.
            var lines = look.Select(StatusView.Line).ToList();
            foreach (var line in isJson ? [] : lines.Except(before))
                await output.WriteLineAsync($"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ} {line}").ConfigureAwait(false);
            before = lines;
            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task DrawAsync(LiveDisplayContext live, IAsyncEnumerable<IReadOnlyList<ServiceStatus>> looks, CancellationToken cancellationToken)
    {
        var enumerator = looks.GetAsyncEnumerator(cancellationToken);
        await using var _ = enumerator.ConfigureAwait(false);
        IReadOnlyList<ServiceStatus> shown = [];
        var next = enumerator.MoveNextAsync().AsTask();
        while (true)
        {
            // Ages grow also where nothing changes.
            if (await Task.WhenAny(next, Task.Delay(_redraw, time, cancellationToken)).ConfigureAwait(false) == next)
            {
                if (!await next.ConfigureAwait(false))
                    return;
                shown = enumerator.Current;
                Check(shown);
                note = null;
                next = enumerator.MoveNextAsync().AsTask();
            }
            // A look that is under way ends before its enumerator does.
            if (cancellationToken.IsCancellationRequested)
            {
                await next.ConfigureAwait(false);
                return;
            }
            if (shown.Count > 0)
                live.UpdateTarget(Rows(shown));
        }
    }

    private Rows Rows(IReadOnlyList<ServiceStatus> shown)
    {
        var now = time.GetUtcNow();
        var lines = isSingle ? StatusView.Of(shown[0], now) : StatusView.Table(shown, now, results.Profile.Width);
        return new(lines.Concat(note is null ? [] : [note]).Append("Ctrl-C ends this view.").Select(OneLine));
    }

    // A row that breaks would not be redrawn in place.
    private IRenderable OneLine(string line)
    {
        var width = Math.Max(20, results.Profile.Width - 1);
        return new Text(line.Length <= width ? line : line[..(width - 1)] + "…") { Overflow = Overflow.Crop };
    }

    // Nothing is left to watch.
    private void Check(IReadOnlyList<ServiceStatus> look)
    {
        if (isSingle && look[0].Error is { } error)
            throw error;
    }
}

using Microsoft.Build.Utilities;

namespace EcsRelease.MSBuild;

/// <summary>Shows a release inside a build: a live region where this process has the terminal; elsewhere (CI, a worker
/// node) a line for each change, and one every 30 s while nothing changes. After <see cref="Dispose"/> it is silent.</summary>
internal sealed class MSBuildReporter : IReporter, IDisposable
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Redraw = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Messages _messages;
    private readonly LiveRegion? _live;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private string _step = "";
    private long _stepBegan;
    private Progress? _progress;
    private bool _closed;

    public MSBuildReporter(TaskLoggingHelper log, string projectFile, TimeProvider time)
        : this(new Messages(log, projectFile), LiveRegion.OfThisProcess(), time)
    {
    }

    internal MSBuildReporter(Messages messages, LiveRegion? live, TimeProvider time)
    {
        _messages = messages;
        _live = live;
        _time = time;
        var period = live is null ? Heartbeat : Redraw;
        _timer = time.CreateTimer(_ => Tick(), null, period, period);
    }

    public void Step(ReleaseStep step, string text) => Locked(() =>
    {
        _step = text;
        _stepBegan = _time.GetTimestamp();
        _progress = null;
        if (_live is null)
            _messages.Line(text);
    });

    public void Progress(Progress progress) => Locked(() =>
    {
        if (_live is null && progress.Text != _progress?.Text)
            Changed(progress.Counted);
        _progress = progress;
    });

    public void Detail(string text) => Locked(() => _messages.Line(text));

    public void Warn(Notice warning) => Locked(() => _messages.Warn(warning));

    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            _timer.Dispose();
            _live?.Erase();
        }
    }

    private void Locked(Action change)
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _live?.Erase();
            change();
            Draw();
        }
    }

    private void Tick()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            if (_live is null && _step.Length > 0)
                _messages.Line($"  {_progress?.Counted ?? _step} ({Elapsed()})");
            Draw();
        }
    }

    private void Changed(string text)
    {
        _messages.Line("  " + text);
        _timer.Change(Heartbeat, Heartbeat);
    }

    private void Draw()
    {
        if (_live is null || _step.Length == 0)
            return;
        var head = $"  {_step} ({Elapsed()}{(_progress?.Limit is { } limit ? $" of {limit.TotalMinutes:0.#} min" : "")})";
        if (_progress is { } progress)
            head += $": {progress.Counted}";
        _live.Draw([head, .. (_progress?.Lines ?? []).Select(line => "    " + line)]);
    }

    private string Elapsed()
    {
        var elapsed = _time.GetElapsedTime(_stepBegan);
        return elapsed.TotalMinutes < 1 ? $"{elapsed.TotalSeconds:0} s" : $"{(int)elapsed.TotalMinutes} min {elapsed.Seconds} s";
    }
}

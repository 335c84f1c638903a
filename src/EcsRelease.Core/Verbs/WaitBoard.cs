namespace EcsRelease.Verbs;

/// <summary>What several watches or releases report, as one: their lines named after their services, and a line for each that
/// goes on.</summary>
/// <param name="services">Names, no two alike.</param>
/// <param name="first">What each does before it tells anything.</param>
internal sealed class WaitBoard(IReadOnlyList<string> services, IReporter reporter, TimeSpan limit, string first = "looking for its deployment")
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _running = services.ToDictionary(service => service, _ => first, StringComparer.Ordinal);
    private readonly int _width = services.Max(service => service.Length);
    private readonly HashSet<Notice> _warned = [];
    private readonly HashSet<string> _all = new(StringComparer.Ordinal);
    private int _ended;

    private IReporter Reporter => reporter;

    public Line LineOf(string service) => new(this, service);

    private void Show(string service, string text)
    {
        lock (_gate)
        {
            if (_running.GetValueOrDefault(service) == text)
                return;
            _running[service] = text;
            Show($"{service}: {text}");
        }
    }

    private void End(string service, ReleaseRecord record)
    {
        lock (_gate)
        {
            // One that is set back ends a second time.
            if (_running.Remove(service) && _all.Add(service))
                _ended++;
            Show($"{service}: {record.Outcome.Word()}, {_ended} of {services.Count} ended");
        }
    }

    private void Show(string text) => reporter.Progress(new Progress(
        text, _ended, services.Count, "services", [.. services.Where(_running.ContainsKey).Select(service => $"{service.PadRight(_width)}  {_running[service]}")], limit));

    /// <summary>The reporter of one service's watch.</summary>
    internal sealed class Line(WaitBoard board, string service) : IReporter
    {
        public void Step(ReleaseStep step, string text) => board.Show(service, text);

        public void Progress(Progress progress) => board.Show(service, progress.Text);

        public void Detail(string text)
        {
            // ECS's own events begin with the service.
            lock (board._gate)
                board.Reporter.Detail(text.Contains(service, StringComparison.Ordinal) ? text : $"{service}: {text}");
        }

        public void Warn(Notice warning)
        {
            // What is the same for all is said once.
            lock (board._gate)
                if (board._warned.Add(warning))
                    board.Reporter.Warn(warning);
        }

        public void End(ReleaseRecord record) => board.End(service, record);
    }
}

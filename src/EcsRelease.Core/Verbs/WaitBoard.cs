namespace EcsRelease.Verbs;

/// <summary>What several watches report, as one: their lines named after their services, and a line for each that
/// goes on.</summary>
internal sealed class WaitBoard(IReadOnlyList<string> services, IReporter reporter, TimeSpan limit)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _running = services.ToDictionary(service => service, _ => "looking for its deployment", StringComparer.Ordinal);
    private readonly int _width = services.Max(service => service.Length);
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
            _running.Remove(service);
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
            lock (board._gate)
                board.Reporter.Warn(warning);
        }

        public void End(ReleaseRecord record) => board.End(service, record);
    }

}

namespace EcsRelease.Tests.Tool;

internal sealed class RecordingReporter : IReporter
{
    public List<string> Lines { get; } = [];

    /// <summary>Told of each line as it comes.</summary>
    public Action<string>? OnLine { get; set; }

    public void Step(ReleaseStep step, string text) => Add($"{step}: {text}");

    public void Progress(Progress progress) => Add(progress.Text);

    public void Detail(string text) => Add(text);

    public void Warn(Notice warning) => Add($"{warning.Code}: {warning.Message}");

    private void Add(string line)
    {
        lock (Lines)
            Lines.Add(line);
        OnLine?.Invoke(line);
    }
}

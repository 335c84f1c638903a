namespace EcsRelease.Tests.Deployments;

internal sealed class ReportLog : IReporter
{
    public List<string> Progresses { get; } = [];

    public List<string> Details { get; } = [];

    public List<Notice> Warnings { get; } = [];

    public void Step(ReleaseStep step, string text) => Details.Add(text);

    public void Progress(Progress progress) => Progresses.Add(progress.Text);

    public void Detail(string text) => Details.Add(text);

    public void Warn(Notice warning) => Warnings.Add(warning);
}

namespace EcsRelease.Verbs;

/// <summary>Passes on what is reported and keeps the warnings for the release record.</summary>
internal sealed class WarningList(IReporter reporter) : IReporter
{
    private readonly List<Notice> warnings = [];

    public IReadOnlyList<Notice> Warnings => warnings;

    public void Step(ReleaseStep step, string text) => reporter.Step(step, text);

    public void Progress(Progress progress) => reporter.Progress(progress);

    public void Detail(string text) => reporter.Detail(text);

    public void Warn(Notice warning)
    {
        warnings.Add(warning);
        reporter.Warn(warning);
    }
}

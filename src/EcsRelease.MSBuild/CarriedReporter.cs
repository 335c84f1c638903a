namespace EcsRelease.MSBuild;

/// <summary>What a run of several services reports to: it lives longer than the task that planned it, and each task may log
/// only while it runs.</summary>
/// <param name="now">The reporter of the task that runs now.</param>
internal sealed class CarriedReporter(IReporter now) : IReporter
{
    private volatile IReporter _now = now;

    public void Continue(IReporter now) => _now = now;

    public void Step(ReleaseStep step, string text) => _now.Step(step, text);

    public void Progress(Progress progress) => _now.Progress(progress);

    public void Detail(string text) => _now.Detail(text);

    public void Warn(Notice warning) => _now.Warn(warning);
}

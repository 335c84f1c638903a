using Spectre.Console;

namespace EcsRelease.Tool.Rendering;

/// <summary>A reporter that knows which step runs, and lets go of the terminal when disposed.</summary>
internal abstract class StepReporter : IReporter, IAsyncDisposable
{
    /// <summary>The step that runs; null before the first.</summary>
    public ReleaseStep? Current { get; private set; }

    /// <summary>A live view on a terminal, plain lines in CI and in files.</summary>
    public static StepReporter Create(IAnsiConsole console, TimeProvider time) =>
        console.Profile.Capabilities is { Ansi: true, Interactive: true } ? new LiveReporter(console, time) : new PlainReporter(console, time);

    public void Step(ReleaseStep step, string text)
    {
        Current = step;
        Begin(step, text);
    }

    public abstract void Progress(Progress progress);

    public abstract void Detail(string text);

    public abstract void Warn(Notice warning);

    /// <summary>Lets go of the terminal while something else is done there.</summary>
    public virtual Task<T> AsideAsync<T>(Func<Task<T>> work) => work();

    public abstract ValueTask DisposeAsync();

    protected abstract void Begin(ReleaseStep step, string text);

    protected static string Word(ReleaseStep step) => step.ToString().ToLowerInvariant();
}

namespace EcsRelease;

/// <summary>The steps of a release, in order; also the keys of `seconds` in the release record.</summary>
public enum ReleaseStep
{
    Preflight,
    Build,
    Push,

    /// <summary>Another deployment of the service is waited for; only when there is one.</summary>
    Turn,
    Register,

    /// <summary>EcsBeforeDeploy.</summary>
    Before,
    Update,
    Rollout,

    /// <summary>EcsAfterDeploy.</summary>
    After,

    /// <summary>Back to the revision before, after a failed check.</summary>
    Rollback,
}

/// <summary>The engine's only way out while it works. Hosts render it; nothing secret ever enters it.</summary>
public interface IReporter
{
    /// <summary>A step begins; it lasts until the next one or the end.</summary>
    void Step(ReleaseStep step, string text);

    /// <summary>Where the step stands now. Replaces the last one on a live view; elsewhere only changes of
    /// <see cref="Progress.Text"/> are worth a line.</summary>
    void Progress(Progress progress);

    /// <summary>A lasting line: something that happened or that one wants to read later.</summary>
    void Detail(string text);

    void Warn(Notice warning);
}

/// <param name="Text">What is going on, one line, e.g. `2 of 3 tasks healthy`.</param>
/// <param name="Done">How much is done, in <paramref name="Unit"/>; null where it cannot be counted.</param>
/// <param name="Lines">More lines for a live view (task counts, breaker, newest events).</param>
/// <param name="Limit">How long the step may take; null = as long as it takes.</param>
public sealed record Progress(string Text, long? Done = null, long? Total = null, string? Unit = null, IReadOnlyList<string>? Lines = null, TimeSpan? Limit = null)
{
    /// <summary>The text with its bytes; other counts are words of the text already.</summary>
    public string Counted => this switch
    {
        { Done: { } done, Total: { } total, Unit: "bytes" } => $"{Text} ({ByteText.Of(done)} of {ByteText.Of(total)})",
        { Done: { } done, Unit: "bytes" } => $"{Text} ({ByteText.Of(done)})",
        _ => Text,
    };
}

/// <summary>A warning: it never changes the outcome. Made in <see cref="Errors"/>, like errors.</summary>
public sealed record Notice(string Code, string Message);

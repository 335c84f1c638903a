namespace EcsRelease;

/// <summary>A failure with a code of <see cref="Errors"/>, its outcome, and a message for the person who released:
/// what failed, the value in quotes, the next action.</summary>
public sealed class EcsReleaseException : Exception
{
    internal EcsReleaseException(string code, ReleaseOutcome outcome, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
        Outcome = outcome;
    }

    public string Code { get; }

    public ReleaseOutcome Outcome { get; }

    /// <summary>The place in a file that it is about; null when it is about none.</summary>
    public FilePlace? Place { get; init; }

    /// <summary>What was seen of a rollout that did not succeed.</summary>
    public RolloutEvidence? Evidence { get; init; }
}

namespace EcsRelease;

/// <summary>The engine's only way to ask somebody. Hosts do it on their terminal.</summary>
public interface IConfirmation
{
    /// <summary>False where nobody would see a question: no terminal, CI, a worker node of a build.</summary>
    bool CanAsk { get; }

    /// <returns>What was typed, without its line end; null when the input ended before.</returns>
    Task<string?> AskAsync(ConfirmationQuestion question, CancellationToken cancellationToken);
}

/// <summary>Asked before anything is changed. The answer is a word, not a key: it says which service was meant.</summary>
/// <param name="Lines">What is about to happen, for the terminal.</param>
/// <param name="Summary">The same in one line: `Release 3f2a91c2ab12 to 'orders' in cluster 'production'`.</param>
/// <param name="Word">What has to be typed.</param>
/// <param name="GoOn">How to go on where nobody can be asked, as a sentence.</param>
public sealed record ConfirmationQuestion(IReadOnlyList<string> Lines, string Summary, string Word, string GoOn)
{
    public string Prompt => $"Type '{Word}' to go on: ";

    /// <summary>Returns when the word was typed. An end of the input and Ctrl-C are answers, too.</summary>
    /// <exception cref="EcsReleaseException">ECSR5225 something else was answered, 5226 nobody can be asked.</exception>
    public async Task RequireAsync(IConfirmation confirmation, CancellationToken cancellationToken)
    {
        if (!confirmation.CanAsk)
            throw Unasked();
        string? typed;
        try
        {
            typed = await confirmation.AskAsync(this, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            typed = null;
        }
        if (typed?.Trim() != Word)
            throw Errors.NotConfirmed(Summary, Word, typed?.Trim());
    }

    internal EcsReleaseException Unasked() => Errors.NobodyToConfirm(Summary, GoOn);
}

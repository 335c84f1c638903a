namespace EcsRelease.Deployments;

/// <summary>One text of AWS that is known, and what it means for the person who released. Names in braces are filled
/// in by <see cref="FailureScene"/>.</summary>
/// <param name="Text">Part of what AWS says, in any case; `*` stands for anything between two parts.</param>
/// <param name="Cause">The cause in plain words, to go before AWS's own; null where those are plain enough.</param>
internal sealed record KnownFailure(string Text, string? Cause, string Means, string Next)
{
    /// <summary>Also told by the container's own log. All other texts are AWS's: a program may log `i/o timeout`, too.</summary>
    public bool InLog { get; init; }

    /// <summary>Tells how a deployment ended and not why: anything else that was seen is more telling.</summary>
    public bool IsOutline { get; init; }

    public bool Matches(string text)
    {
        var from = 0;
        foreach (var part in Text.Split('*'))
        {
            var at = text.IndexOf(part, from, StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                return false;
            from = at + part.Length;
        }
        return true;
    }
}

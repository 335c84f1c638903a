namespace EcsRelease.Pruning;

/// <summary>What prune keeps for a rollback, and how far it goes.</summary>
public sealed record PruneRules
{
    /// <summary>How many of the newest revisions, and of the newest commits, stay.</summary>
    public int Keep { get; init; } = 10;

    /// <summary>Days; what is younger stays.</summary>
    public int KeepDays { get; init; } = 30;

    /// <summary>Revisions are deleted, too; else they are deregistered and can still be read.</summary>
    public bool Delete { get; init; }

    /// <summary>Images that only pruned revisions named are deleted, too.</summary>
    public bool Images { get; init; }

    /// <summary>False = a dry run.</summary>
    public bool Act { get; init; }

    // More days than the calendar has are all there are.
    internal DateTimeOffset YoungSince(DateTimeOffset now) => KeepDays < (now - DateTimeOffset.MinValue).TotalDays ? now.AddDays(-KeepDays) : DateTimeOffset.MinValue;
}

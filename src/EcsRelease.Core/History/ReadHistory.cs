namespace EcsRelease.History;

/// <summary>What could be read of a service's past.</summary>
public sealed record ReadHistory
{
    /// <summary>Newest first.</summary>
    public required IReadOnlyList<PastRelease> Releases { get; init; }

    /// <summary>There are older ones than the limit let in.</summary>
    public bool HasMore { get; init; }

    /// <summary>ARN of the revision that the service has now, also where it is not among the releases; null when no rollout
    /// of the service ever ended well.</summary>
    public string? LiveTaskDefinition { get; init; }

    /// <summary>Every deployment from then on is among the releases or beyond the limit; what was before only revisions
    /// tell. Null when no service deployment could be read.</summary>
    public DateTimeOffset? DeploymentsSince { get; init; }

    /// <summary>The operation that may not be called, e.g. `ecs:ListServiceDeployments`.</summary>
    public string? Denied { get; init; }

    /// <summary>What could not be read beside, each with its reason.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];
}

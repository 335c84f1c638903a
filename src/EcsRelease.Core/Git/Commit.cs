namespace EcsRelease.Git;

/// <summary>The commit that is released, and the state of the tree around it.</summary>
public sealed record Commit
{
    /// <summary>Full SHA (40 or 64 hex digits).</summary>
    public required string Sha { get; init; }

    /// <summary>Null when HEAD is detached.</summary>
    public string? Branch { get; init; }

    public DateTimeOffset CommittedAt { get; init; }

    /// <summary>The first line of its message; null when the commit came from a CI variable.</summary>
    public string? Subject { get; init; }

    /// <summary>Remote `origin` without credentials and `.git`; null when there is none.</summary>
    public string? RemoteUrl { get; init; }

    /// <summary>Full path of the work tree; null when the commit came from a CI variable.</summary>
    public string? Root { get; init; }

    /// <summary>Paths below <see cref="Root"/> that differ from the commit, untracked ones included.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>Hash of the changes' content, 12 hex digits; empty for a clean tree. Names a dirty image.</summary>
    public string ChangesHash { get; init; } = "";

    public bool IsShallow { get; init; }

    /// <summary>The CI variable that named the commit, where there is no repository.</summary>
    public string? Variable { get; init; }

    /// <summary>The image tag of this commit: the SHA, `SHA-dirty-HASH` for a dirty tree, with `-suffix` when given.</summary>
    public string Tag(string? suffix) =>
        Sha + (ChangesHash.Length == 0 ? "" : $"-dirty-{ChangesHash}") + (string.IsNullOrEmpty(suffix) ? "" : $"-{suffix}");
}

public enum Ancestry
{
    Same,

    /// <summary>The first is a proper ancestor of the second.</summary>
    Older,

    /// <summary>The second is an ancestor of the first, or they are on different branches.</summary>
    NotOlder,

    /// <summary>A shallow clone, or a commit that this clone lacks.</summary>
    Unknown,
}

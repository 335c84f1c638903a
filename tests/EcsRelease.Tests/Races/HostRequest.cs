namespace EcsRelease.Tests.Races;

/// <summary>One release in a process of its own.</summary>
internal sealed record HostRequest
{
    /// <summary>Folder of the local AWS.</summary>
    public required string Home { get; init; }

    /// <summary>Folder of image layers and bases.</summary>
    public required string Images { get; init; }

    /// <summary>The checked out repository.</summary>
    public required string Root { get; init; }

    public required string Service { get; init; }

    public required string Repository { get; init; }

    public ConflictPolicy OnConflict { get; init; }

    public string? BeforeDeploy { get; init; }

    /// <summary>Milliseconds from the barrier to the release.</summary>
    public int Delay { get; init; }

    /// <summary>The process stands still where this step begins, until it is killed: a word of <see cref="ReleaseStep"/>, or <see cref="AtEnd"/>.</summary>
    public string? StandAt { get; init; }

    /// <summary>The release has ended and its record is not handed over yet.</summary>
    public const string AtEnd = "End";

    public ReleaseOptions Options => new()
    {
        Target = TargetKind.Local, Service = Service, Repository = Repository, OnConflict = OnConflict, BeforeDeploy = BeforeDeploy, Timeout = TimeSpan.FromMinutes(2),
    };
}

namespace EcsRelease.LocalAws;

/// <summary>Everything settable of one running local AWS. Times are shorter than AWS's own, so that trying out is quick.</summary>
public sealed record LocalAwsSettings
{
    /// <summary>The state folder, private to its owner (0700).</summary>
    public required string Folder { get; init; }

    public string Account { get; init; } = "000000000000";

    public string Region { get; init; } = "us-east-1";

    /// <summary>Port on 127.0.0.1; 0 = any free one, kept over restarts where possible.</summary>
    public int Port { get; init; }

    /// <summary>`auto` (a probe picks), `isolated` (unshare), `process`, `none` (states only).</summary>
    public string Runtime { get; init; } = "auto";

    /// <summary>Without a request for this long the server stops its tasks and ends; data is kept.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromHours(4);

    /// <summary>A task without a health check counts as healthy after running this long. AWS: 40 s.</summary>
    public TimeSpan HealthyAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>interval, timeout and startPeriod of health checks are cut to it; the default, AWS's longest, cuts nothing.</summary>
    public TimeSpan HealthCheckLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether calls are held to AWS's request quotas.</summary>
    public bool Throttle { get; init; }

    /// <summary>First delay before a failed task is replaced; doubles up to <see cref="StartBackOffLimit"/>.</summary>
    public TimeSpan StartBackOff { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan StartBackOffLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long stopped tasks stay visible.</summary>
    public TimeSpan StoppedTasksKept { get; init; } = TimeSpan.FromHours(1);
}

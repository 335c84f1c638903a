using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Git;
using EcsRelease.History;

namespace EcsRelease.Verbs;

/// <summary>The releases of a service: the document of `history --json`. Its shape is a promise, additions only.</summary>
public sealed record HistoryDocument
{
    public int Schema { get; init; } = 1;

    public required string Version { get; init; }

    public required string Target { get; init; }

    public required string Account { get; init; }

    public required string Region { get; init; }

    public required string Cluster { get; init; }

    public required string Service { get; init; }

    /// <summary>When it was read: ages and what is still live count up to then.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>ARN; also where the limit left it out. Null when no rollout of the service ever ended well.</summary>
    public string? LiveTaskDefinition { get; init; }

    /// <summary>From then on every deployment is known; null when none could be read. ECS keeps them for 90 days.</summary>
    public DateTimeOffset? DeploymentsSince { get; init; }

    /// <summary>There are older releases than the limit let in.</summary>
    public bool HasMore { get; init; }

    public IReadOnlyList<Notice> Warnings { get; init; } = [];

    /// <summary>Newest first.</summary>
    public required IReadOnlyList<PastRelease> Releases { get; init; }
}

/// <summary>Reads what was released to a service. Changes nothing.</summary>
/// <param name="directory">Of the clone whose commits have subjects.</param>
public sealed class ReleaseHistory(ReleaseOptions options, string service, IReleaseTarget target, string directory, TimeProvider time)
{
    /// <param name="limit">Releases, at most.</param>
    /// <exception cref="EcsReleaseException">ECSR4006 cluster missing, ECSR4010 service missing, ECSR4xxx.</exception>
    public Task<HistoryDocument> ReadAsync(int limit, CancellationToken cancellationToken) => Explained.RunAsync($"{options.Cluster}/{service}", async () =>
    {
        using var access = await target.ConnectAsync(cancellationToken);
        var live = await LiveRelease.ReadServiceAsync(access.Ecs, options with { StopAfter = StopAfterStep.None }, service, access, cancellationToken)
            ?? throw Errors.ServiceMissing(service, options.Cluster);
        var read = await new ServiceHistory(access.Ecs, options.Cluster, service, options.Container, time).ReadAsync(live, limit, cancellationToken);
        var texts = await CommitTexts.ReadAsync(directory, read.Releases.Select(each => each.Commit), cancellationToken);
        return new HistoryDocument
        {
            Version = EngineVersion.Current,
            Target = target.Name,
            Account = access.Account,
            Region = access.Region,
            Cluster = options.Cluster,
            Service = service,
            ReadAt = time.GetUtcNow(),
            LiveTaskDefinition = read.LiveTaskDefinition,
            DeploymentsSince = read.DeploymentsSince,
            HasMore = read.HasMore,
            Warnings = [.. Warnings(read, live.Controller)],
            Releases = [.. read.Releases.Select(each => each with { Subject = texts.GetValueOrDefault(each.Commit ?? "")?.Subject })],
        };
    });

    private IEnumerable<Notice> Warnings(ReadHistory read, string controller)
    {
        if (read.Denied is { } operation)
            yield return Errors.HistoryDenied(service, operation);
        if (controller != "ECS")
            yield return Errors.HistoryOfController(service, controller);
        if (read.Unread.Count > 0)
            yield return Errors.HistoryUnread(service, read.Unread);
    }
}

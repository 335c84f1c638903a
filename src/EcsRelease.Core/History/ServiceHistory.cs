using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.History;

/// <summary>Reads what was released to a service, newest first: the service deployments that ECS keeps, and of the time
/// before them the revisions of the live family that none of them names. Revisions of the time of the deployments that
/// none names were never deployed here, so they are no releases. Changes nothing.</summary>
/// <param name="container">The released one; null = the first essential one.</param>
internal sealed class ServiceHistory(AmazonEcsClient ecs, string cluster, string service, string? container, TimeProvider time)
{
    private const int RevisionsAtOnce = 8;

    /// <param name="limit">Releases, at most.</param>
    /// <exception cref="EcsReleaseException">ECSR4010.</exception>
    /// <exception cref="AwsServiceException"/>
    public async Task<ReadHistory> ReadAsync(int limit, CancellationToken cancellationToken) => await ReadAsync(
        await LiveService.ReadAsync(ecs, cluster, service, cancellationToken) ?? throw Errors.ServiceMissing(service, cluster), limit, cancellationToken);

    /// <param name="live">The service as just read.</param>
    /// <param name="limit">Releases, at most.</param>
    /// <exception cref="AwsServiceException"/>
    public async Task<ReadHistory> ReadAsync(LiveService live, int limit, CancellationToken cancellationToken)
    {
        // Other controllers have no service deployments.
        var deployments = live.Controller == "ECS"
            ? await PastDeployments.ReadAsync(ecs, cluster, service, limit, cancellationToken)
            : new([], null, false, null);
        DateTimeOffset? since = live.Controller != "ECS" || (deployments.Denied is not null && deployments.Newest.Count == 0) ? null : Since(live);
        var revisions = new RevisionReads(ecs, time);
        await revisions.ReadAsync(deployments.Chronological.Reverse().Select(each => each.TaskDefinition).OfType<string>(), cancellationToken);
        var released = OfDeployments(deployments, revisions);

        var unread = deployments.Newest.Where(each => each.TaskDefinition is null).Select(each => $"{each.Arn}: its service revision cannot be read").ToList();
        List<PastRelease> older = [];
        if (!deployments.HasMore && live.TaskDefinition.Length > 0)
            try
            {
                older = await OfFamilyAsync(live, released, since, limit - released.Count, revisions, cancellationToken);
            }
            catch (AwsServiceException denied) when (denied.IsAccessDenied && deployments.Newest.Count > 0)
            {
                unread.Add($"what was before the service deployments: {denied.Message}");
            }
        var all = released.Concat(older).Take(limit).ToList();
        var liveNow = LiveOf(live, deployments);
        return new ReadHistory
        {
            Releases = Marked(all, liveNow),
            HasMore = deployments.HasMore || released.Count + older.Count > limit,
            LiveTaskDefinition = liveNow,
            DeploymentsSince = since,
            Denied = deployments.Denied,
            Unread = [.. unread, .. revisions.Unread],
        };
    }

    // From when on every deployment is listed.
    private DateTimeOffset Since(LiveService live) =>
        new[] { time.GetUtcNow() - PastDeployments.Kept, PastDeployments.Begin, live.Description.Time("createdAt") ?? DateTimeOffset.MinValue }.Max();

    private List<PastRelease> OfDeployments(PastDeployments deployments, RevisionReads revisions)
    {
        var chronological = deployments.Chronological.ToList();
        var times = LiveTimes.Of(chronological, time.GetUtcNow());
        var isReleased = Origins(chronological, revisions);
        return
        [
            .. deployments.Newest.Where(each => each.TaskDefinition is not null).Select(each => Of(each.TaskDefinition!, revisions.Of(each.TaskDefinition), each.Revision) with
            {
                ServiceDeployment = each.Arn,
                At = each.CreatedAt,
                EndedAt = each.EndedAt,
                End = each.EndAmong(deployments.Newest),
                StatusReason = each.Brief.Text("statusReason") ?? each.Described.Text("statusReason"),
                LiveFor = times.TryGetValue(each.Arn, out var length) ? length : null,
                IsReleased = isReleased[each.TaskDefinition!],
            }),
        ];
    }

    // A revision is what its first deployment brought, beside what was live then.
    private static Dictionary<string, bool?> Origins(IEnumerable<PastDeployment> chronological, RevisionReads revisions)
    {
        var origins = new Dictionary<string, bool?>(StringComparer.Ordinal);
        JsonObject? before = null;
        foreach (var each in chronological.Where(each => each.TaskDefinition is not null))
        {
            var described = revisions.Of(each.TaskDefinition);
            origins.TryAdd(each.TaskDefinition!, described is null ? null : RevisionOrigin.IsReleased(described, before));
            if (each.Status == "SUCCESSFUL" && described is not null)
                before = described;
        }
        return origins;
    }

    /// <returns>One more than wanted when there is one.</returns>
    private async Task<List<PastRelease>> OfFamilyAsync(
        LiveService live, IReadOnlyList<PastRelease> released, DateTimeOffset? since, int wanted, RevisionReads revisions, CancellationToken cancellationToken)
    {
        var named = released.Select(each => each.TaskDefinition).ToHashSet(StringComparer.Ordinal);
        var found = new List<(string Arn, JsonObject? Described)>();
        await foreach (var some in FamilyRevisions.ListAsync(ecs, FamilyRevisions.FamilyOf(live.TaskDefinition), cancellationToken)
            .Where(arn => !named.Contains(arn)).Chunk(RevisionsAtOnce).WithCancellation(cancellationToken))
        {
            await revisions.ReadAsync(some, cancellationToken);
            found.AddRange(some.Select(arn => (arn, revisions.Of(arn))).Where(each => since is null || RegisteredAt(each.Item2) is not { } at || at < since));
            if (found.Count > wanted)
                break;
        }
        return
        [
            .. found.Take(wanted is int.MaxValue ? wanted : wanted + 1).Select((each, index) => Of(each.Arn, each.Described, null) with
            {
                At = RegisteredAt(each.Described),
                IsReleased = each.Described is null ? null : RevisionOrigin.IsReleased(each.Described, found.ElementAtOrDefault(index + 1).Described),
            }),
        ];
    }

    private static DateTimeOffset? RegisteredAt(JsonObject? described) => described.Object("taskDefinition").Time("registeredAt");

    private PastRelease Of(string arn, JsonObject? described, JsonObject? serviceRevision)
    {
        var tags = described is null ? null : RevisionTags.Read(described);
        var released = described is null ? null : LiveImage.ContainerOf(described, container);
        var image = released.Text("image");
        return new PastRelease
        {
            TaskDefinition = arn,
            Revision = FamilyRevisions.RevisionOf(arn),
            Commit = described is null ? null : RevisionTags.CommitOf(described),
            Branch = tags?.Branch,
            Actor = tags?.Actor,
            Image = image,
            Digest = RunningDigest.In(serviceRevision, released.Text("name")) ?? tags?.Digest ?? (image?.Split('@', 2) is [_, var digest] ? digest : null),
            RevisionStatus = described is null ? "UNREADABLE" : described.Object("taskDefinition").Text("status") ?? "ACTIVE",
        };
    }

    // While a rollout goes on, and after one that failed without a rollback, PRIMARY is not live yet.
    private static string? LiveOf(LiveService live, PastDeployments deployments) => live.RolloutState is "IN_PROGRESS" or "FAILED"
        ? deployments.Chronological.LastOrDefault(each => each.Status == "SUCCESSFUL")?.TaskDefinition
            ?? live.Deployments.FirstOrDefault(each => each.Text("status") != "PRIMARY" && each.Text("rolloutState") == "COMPLETED").Text("taskDefinition")
        : live.TaskDefinition is { Length: > 0 } primary ? primary : null;

    private static List<PastRelease> Marked(List<PastRelease> all, string? live)
    {
        // Best: the deployment that brought it. A read that lags may not know yet that it succeeded.
        var at = all.FindIndex(each => each.TaskDefinition == live && each.End == PastEnd.Succeeded);
        at = at < 0 ? all.FindIndex(each => each.TaskDefinition == live && each.End is PastEnd.Unknown or PastEnd.InProgress) : at;
        if (at >= 0)
            all[at] = all[at] with { IsLive = true };
        return all;
    }
}

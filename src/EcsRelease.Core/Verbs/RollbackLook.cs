using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.Git;
using EcsRelease.History;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <param name="Live">The service as it was looked at.</param>
/// <param name="To">Null = the deployment in progress is undone, whatever was before it.</param>
/// <param name="Undone">ARN of that deployment.</param>
/// <param name="Container">The released one.</param>
internal sealed record FoundRollback(LiveRelease Live, KnownRevision? To, string? Undone, string Container, RollbackPlan Plan)
{
    public LiveService Service => Live.Service!;
}

/// <summary>Finds out by reads where a rollback goes, and refuses what cannot end well.</summary>
/// <param name="directory">Of the clone that tells of commits.</param>
internal sealed class RollbackLook(ReleaseOptions options, string service, string directory, IReleaseTarget target, AwsAccess access, WarningList log, TimeProvider time)
{
    private const int MaxCandidates = 5;

    private string Command => FollowCommand.Of("rollback", options, service);

    private string List => FollowCommand.Of("history", options, service);

    /// <param name="wanted">What names the release; null = the one before.</param>
    /// <exception cref="EcsReleaseException">ECSR4006, 4010, 5102, 5106, 5109, 5171, 5204, 5210 to 5219.</exception>
    /// <exception cref="AwsServiceException"/>
    public async Task<FoundRollback> FindAsync(string? wanted, CancellationToken cancellationToken)
    {
        var live = await LiveRelease.ReadAsync(access.Ecs, options with { StopAfter = StopAfterStep.None }, service, access, cancellationToken);
        if (live is not { Service: { } found, Revision: { } revision })
            throw live.Service is null ? Errors.ServiceMissing(service, options.Cluster) : Errors.NothingLive(service, options.Cluster);
        new LiveChecks(options, target.Defaults, service, access.Region, log.Warn).CheckUpdate(found);
        var history = new HistorySteps(new(access.Ecs, options.Cluster, service, options.Container, time), found);
        var (to, undone) = wanted is null
            ? await UnnamedAsync(found, history, cancellationToken)
            : (await new ReleaseFinder(access.Ecs, history, FamilyRevisions.FamilyOf(found.TaskDefinition), service, directory, Command, List, log).FindAsync(wanted, cancellationToken), null);
        var from = await FromAsync(live, history, cancellationToken);
        if (to is null)
            return new(live, null, undone, "", Plan(from, await SideAsync(await BeforeAsync(history, cancellationToken), cancellationToken), "stop"));

        var definition = to.Newest.TaskDefinition == found.TaskDefinition ? revision : await DescribeAsync(to.Newest.TaskDefinition, cancellationToken);
        await new RollbackChecks(options, service, target.Defaults, access, List, log, time).CheckAsync(found, to, definition, cancellationToken);
        var container = LiveImage.ContainerOf(definition, options.Container).Text("name") ?? "";
        var running = to.Newest.TaskDefinition == found.TaskDefinition ? await RunningDigest.OfAsync(access.Ecs, found, container, cancellationToken) : null;
        // What is in progress beside it is waited for, replaced or stopped first.
        var action = UpdateDecision.Decide(found, existed: true, to.Newest.TaskDefinition, to.Best.Digest, running, force: false) is var decided and not UpdateAction.Conflict ? decided : UpdateAction.Update;
        return new(live, to, null, container, await AddAsync(Plan(from, await SideAsync(to, cancellationToken), action.Word()), live, to, definition, container, cancellationToken));
    }

    /// <returns>No release when a deployment is in progress that is to be undone.</returns>
    private async Task<(KnownRevision? To, string? Undone)> UnnamedAsync(LiveService found, HistorySteps history, CancellationToken cancellationToken)
    {
        var running = await new RolloutControl(access.Ecs, options.Cluster, service, time).FindAsync(cancellationToken);
        ReadHistory? last = null;
        await foreach (var read in history.AllAsync(cancellationToken))
        {
            last = read;
            var trail = ReleaseTrail.Of(read.Releases, IsWhole(read, found));
            if (running is not null)
                return await GoingBackAsync(running, trail, cancellationToken) is { } going ? (Known(read, going), null) : (null, running.Text("serviceDeploymentArn"));
            if (read.Denied is not null)
                continue;
            var previous = ReleaseTrail.Previous(trail, found.TaskDefinition) is { } release ? Known(read, release) : null;
            await RefuseBackAlreadyAsync(read, found, previous, cancellationToken);
            if (previous is not null)
                return (previous, null);
        }
        var candidates = KnownRevision.Of(last!.Releases)
            .Where(each => each.IsActive && !each.EndedBadly && each.Newest.TaskDefinition != found.TaskDefinition).Take(MaxCandidates);
        throw Errors.PreviousUnknown(service, Why(last, IsWhole(last, found), found.TaskDefinition), await ReleaseFinder.TextsAsync(candidates, directory, cancellationToken), Command);

        static KnownRevision Known(ReadHistory read, PastRelease release) => KnownRevision.Of(read.Releases.Where(each => each.TaskDefinition == release.TaskDefinition))[0];
    }

    /// <summary>What failed last is gone already: whoever is told of the failure and goes back, by hand or by a script,
    /// would leave the good release.</summary>
    private async Task RefuseBackAlreadyAsync(ReadHistory read, LiveService found, KnownRevision? previous, CancellationToken cancellationToken)
    {
        if (read.Releases is not [{ End: PastEnd.RolledBack } last, ..] || last.TaskDefinition == found.TaskDefinition
            || KnownRevision.Of(read.Releases.Where(each => each.TaskDefinition == found.TaskDefinition)) is not [{ EndedBadly: false } live])
            return;
        var texts = await ReleaseFinder.TextsAsync(new[] { new KnownRevision(last, null), live, previous }.OfType<KnownRevision>(), directory, cancellationToken);
        throw Errors.BackAlready(service, texts[0], texts[1], texts.ElementAtOrDefault(2), previous is null ? List : $"{Command} {previous.Name}");
    }

    // All that happened to the service is in it.
    private static bool IsWhole(ReadHistory read, LiveService found) =>
        !read.HasMore && read.DeploymentsSince is { } since && since == found.Description.Time("createdAt");

    private static string Why(ReadHistory read, bool isWhole, string live) => read switch
    {
        { Denied: { } operation } => $"{operation} is denied, so how releases ended cannot be read",
        _ when isWhole => $"no release before {live.Split('/')[^1]} ended well, but for those that were taken back",
        _ => $"ECS keeps service deployments for 90 days, and in these none before {live.Split('/')[^1]} ended well",
    };

    /// <summary>Somebody goes back already, to a release that is on the trail: to undo that would bring back what is being left.</summary>
    private async Task<PastRelease?> GoingBackAsync(JsonObject running, IReadOnlyList<PastRelease> trail, CancellationToken cancellationToken)
    {
        if (RolloutControl.IsRollingBack(running) || running.Object("targetServiceRevision").Text("arn") is not { } revision)
            return null;
        var goal = (await access.Ecs.TaskDefinitionsOfAsync([revision], cancellationToken)).GetValueOrDefault(revision);
        return trail.SkipLast(1).FirstOrDefault(each => each.TaskDefinition == goal);
    }

    private static async Task<KnownRevision?> BeforeAsync(HistorySteps history, CancellationToken cancellationToken)
    {
        var read = await history.NewestAsync(cancellationToken);
        return KnownRevision.Of(read.Releases.Where(each => each.TaskDefinition == read.LiveTaskDefinition)) is [var before] ? before : null;
    }

    private async Task<RollbackPlan> AddAsync(RollbackPlan plan, LiveRelease live, KnownRevision to, JsonObject described, string container, CancellationToken cancellationToken)
    {
        if (live.Revision.Object("taskDefinition") is { } before && described.Object("taskDefinition") is { } after)
            plan = plan with { Differences = Difference.Between(before, after, container) };
        if (live.Commit is not { } commit || !plan.Changes)
            return plan;
        // Seen from the release that is left: what it has and the other one lacks is taken back.
        var changes = await CommitChanges.ReadAsync(await GitReference.InCloneAsync(directory, commit, cancellationToken), to.Best.Commit, cancellationToken, "earlier");
        return plan with { TakenBack = changes.Added, TakenBackCount = changes.AddedCount, BroughtCount = changes.RemovedCount, CommitsUnknown = changes.Unknown };
    }

    private RollbackPlan Plan(RollbackSide from, RollbackSide? to, string action) => new()
    {
        Version = EngineVersion.Current,
        Outcome = (action == "unchanged" ? ReleaseOutcome.Unchanged : ReleaseOutcome.Planned).Word(),
        Action = action,
        Target = target.Name,
        Account = access.Account,
        Region = access.Region,
        Cluster = options.Cluster,
        Service = service,
        From = from,
        To = to,
        Warnings = [.. log.Warnings],
    };

    private async Task<RollbackSide> FromAsync(LiveRelease live, HistorySteps history, CancellationToken cancellationToken)
    {
        var read = await history.NewestAsync(cancellationToken);
        return KnownRevision.Of(read.Releases.Where(each => each.TaskDefinition == live.Service!.TaskDefinition)) is [var known]
            ? await WithSubjectAsync(Of(known), cancellationToken)
            : await WithSubjectAsync(new(live.Service!.TaskDefinition, live.Commit, null, LiveImage.Of(live.Revision!, options.Container), RevisionTags.Read(live.Revision!).Digest, null, "its end is not known"), cancellationToken);
    }

    private async Task<RollbackSide?> SideAsync(KnownRevision? known, CancellationToken cancellationToken) =>
        known is null ? null : await WithSubjectAsync(Of(known), cancellationToken);

    private static RollbackSide Of(KnownRevision of) =>
        new(of.Newest.TaskDefinition, of.Best.Commit, of.Best.Subject, of.Best.Image, of.Best.Digest, of.Best.At, of.EndText);

    private async Task<RollbackSide> WithSubjectAsync(RollbackSide side, CancellationToken cancellationToken) =>
        side is { Commit: { } commit, Subject: null } ? side with { Subject = (await GitReference.ResolveAsync(directory, commit, cancellationToken))?.Subject } : side;

    private Task<JsonObject> DescribeAsync(string arn, CancellationToken cancellationToken) =>
        access.Ecs.DescribeTaskDefinitionAsync(new() { ["taskDefinition"] = arn, ["include"] = new JsonArray("TAGS") }, cancellationToken);
}

using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.Images.Ecr;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>One release: read the commit, plan, build the image, push it, register a revision, update the service, wait;
/// between and after them its gates, where there are any.</summary>
public sealed class Release
{
    private readonly ReleaseOptions options;
    private readonly ProjectInfo project;
    private readonly IReporter reporter;
    private readonly TimeProvider time;
    private readonly IReleaseTarget target;
    private readonly StateFolder state;
    private ReleasePlanner? planner;
    private ReleaseLog? log;

    public Release(ReleaseOptions options, ProjectInfo project, IReporter reporter, TimeProvider time)
        : this(options, project, reporter, time, ReleaseTargets.For(options, project, time, reporter), StateFolder.OfUser())
    {
    }

    /// <summary>For tests that run many targets and caches in one process.</summary>
    internal Release(ReleaseOptions options, ProjectInfo project, IReporter reporter, TimeProvider time, IReleaseTarget target, StateFolder state) =>
        (this.options, this.project, this.reporter, this.time, this.target, this.state) = (options, project, reporter, time, target, state);

    /// <summary>Full path of the file that the plan is written to or read from; null = none.</summary>
    public string? PlanFile { get; init; }

    /// <summary>Where its image comes from when it is one of many; null = it makes its own.</summary>
    internal IImageSource? Images { get; init; }

    /// <summary>The commits of a run with several services.</summary>
    internal RunCommits? Commits { get; init; }

    /// <summary>What brought its revision into the service, and what was live before; null = nothing did, or what it was is live.</summary>
    internal (ReleasePlan Plan, StartedRollout Rollout)? Begun { get; private set; }

    /// <summary>What is left running in AWS when the release is cancelled now, and how to go on.</summary>
    public string WhatGoesOn => log?.WhatGoesOn() ?? "Nothing was changed.";

    /// <summary>How long a cancelled release may take to end: longer while there is a task to be stopped.</summary>
    public TimeSpan CancelPatience => log?.RunsTask == true ? TimeSpan.FromSeconds(5) : TimeSpan.FromMilliseconds(50);

    private string Resource => $"{options.Cluster}/{options.Service ?? ReleaseNames.Kebab(project.AssemblyName)}";

    /// <summary>Reads everything that decides the release, changes nothing.</summary>
    /// <exception cref="EcsReleaseException">The release is refused; nothing was changed.</exception>
    public Task<ReleasePlan> PlanAsync(CancellationToken cancellationToken)
    {
        reporter.Step(ReleaseStep.Preflight, "Reading commit, account and live service");
        planner = new ReleasePlanner(options, project, target, reporter, time) { PlanFile = PlanFile, Commits = Commits };
        return Explained.RunAsync(Resource, () => planner.PlanAsync(cancellationToken));
    }

    /// <summary>Does what was planned, once. How it ended is in the record, failures too; only cancellation is thrown.</summary>
    public async Task<ReleaseRecord> RunAsync(ReleasePlan plan, IPublisher publisher, CancellationToken cancellationToken)
    {
        log = new ReleaseLog(options, plan, reporter, time);
        try
        {
            return await Explained.RunAsync(Resource, () => RunAsync(plan, publisher, log, cancellationToken));
        }
        catch (EcsReleaseException e)
        {
            if (log.Rollout is { } begun)
                log.Listed(await BegunDeployment.FindAsync(plan.Access.Ecs, begun, log, cancellationToken));
            return log.Ended(e);
        }
        finally
        {
            plan.Access.Dispose();
        }
    }

    /// <summary>The record of a release that was refused by its plan.</summary>
    public ReleaseRecord RecordOf(EcsReleaseException error) =>
        ReleaseLog.Refused(options, project, error, planner?.Warnings ?? [], time.GetUtcNow()) with { Commit = planner?.Commit?.Sha, Branch = planner?.Commit?.Branch };

    private async Task<ReleaseRecord> RunAsync(ReleasePlan plan, IPublisher publisher, ReleaseLog log, CancellationToken cancellationToken)
    {
        if (options.DryRun)
            return log.Ended(ReleaseOutcome.Planned);
        if (plan.NeedsConfirmation)
            throw PlanQuestion.Of(plan).Unasked();

        using var own = new ImageSteps(options, target, project, state, time);
        var images = Images ?? own;
        var image = await images.BuildAsync(plan, publisher, log, cancellationToken);
        if (await new UnchangedCheck(options, log, time).FindAsync(plan, image, cancellationToken) is { } same)
            return await FollowAsync(same.Release, same.Updated, log, cancellationToken);

        var pushed = await images.PushAsync(plan, image, log, cancellationToken);
        log.Pushed(pushed);
        if (options.StopAfter == StopAfterStep.Push)
            return log.HandedOn(ReleaseOutcome.HandedOn);

        var turn = new LiveTurn(options, log, time);
        var before = new BeforeGate(options, target.Defaults, log, time);
        for (string? ours = null; ;)
        {
            plan = await turn.AwaitAsync(plan, ours, cancellationToken);
            var (desired, revision) = await log.StepAsync(ReleaseStep.Register, plan.Changes ? "Registering the task definition revision" : "Looking for the revision of this commit",
                () => new RevisionStep(options, target, project, log, time).RegisterAsync(plan, pushed, cancellationToken));
            log.Registered(revision);
            if (options.StopAfter == StopAfterStep.Register)
                return log.HandedOn(ReleaseOutcome.HandedOn);

            var release = new GatedRelease(plan, desired, revision, pushed);
            await before.PassAsync(release, cancellationToken);
            var updated = await log.StepAsync(ReleaseStep.Update, plan.Changes ? $"Updating service {plan.Service}" : $"Looking at service {plan.Service}",
                () => new UpdateStep(options, target.Defaults, log, time).UpdateAsync(plan, desired, revision, pushed, cancellationToken));
            if (updated is not null)
                return await FollowAsync(release, updated, log, cancellationToken);
            ours = revision.Arn;
        }
    }

    private async Task<ReleaseRecord> FollowAsync(GatedRelease release, Updated updated, ReleaseLog log, CancellationToken cancellationToken)
    {
        var plan = release.Plan;
        var after = new AfterGate(options, log, time);
        var rollout = updated.IsUnchanged ? updated.Rollout : log.Started(updated.Rollout);
        Begun = updated.IsUnchanged ? null : (plan, rollout);
        if (updated.IsUnchanged || !options.Wait || options.StopAfter == StopAfterStep.Update)
        {
            log.Listed(await BegunDeployment.FindAsync(plan.Access.Ecs, rollout, log, cancellationToken));
            var isEnd = updated.IsUnchanged && options.StopAfter != StopAfterStep.Update;
            // It may be a release whose check failed: the second try must not look as if it had passed.
            after.Skip(isEnd ? "this revision was live already, and only a rollout is checked" : "the rollout is not waited for");
            if (isEnd)
                return log.Ended(ReleaseOutcome.Unchanged, await Endpoints.ReadAsync(target, plan.Cluster, plan.Service, log, cancellationToken));
            return log.HandedOn(options.StopAfter == StopAfterStep.Update ? ReleaseOutcome.HandedOn : ReleaseOutcome.Started);
        }
        var result = await log.StepAsync(ReleaseStep.Rollout, $"Rolling out {rollout.TaskDefinition.Split('/')[^1]}",
            () => new RolloutWatch(plan.Access, log, time) { OnPause = options.OnPause }.WaitAsync(rollout, options.Timeout, cancellationToken));
        // One that was joined may have ended before it was ever listed.
        if (result is { Outcome: ReleaseOutcome.Succeeded, ServiceDeployment: null })
            log.Listed(await BegunDeployment.FindAsync(plan.Access.Ecs, rollout, log, cancellationToken));
        var endpoints = await Endpoints.ReadAsync(target, plan.Cluster, plan.Service, log, cancellationToken);
        return log.Ended(await after.PassAsync(release, rollout, result, endpoints, cancellationToken), endpoints);
    }
}

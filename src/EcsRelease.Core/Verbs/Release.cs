using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.Images;
using EcsRelease.Images.Ecr;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>One release: read the commit, plan, build the image, push it, register a revision, update the service, wait.</summary>
public sealed class Release
{
    private readonly ReleaseOptions options;
    private readonly ProjectInfo project;
    private readonly IReporter reporter;
    private readonly TimeProvider time;
    private readonly IReleaseTarget target;
    private readonly StateFolder state;

    public Release(ReleaseOptions options, ProjectInfo project, IReporter reporter, TimeProvider time)
        : this(options, project, reporter, time, ReleaseTargets.For(options, project, time, reporter), StateFolder.OfUser())
    {
    }

    /// <summary>For tests that run many targets and caches in one process.</summary>
    internal Release(ReleaseOptions options, ProjectInfo project, IReporter reporter, TimeProvider time, IReleaseTarget target, StateFolder state) =>
        (this.options, this.project, this.reporter, this.time, this.target, this.state) = (options, project, reporter, time, target, state);

    /// <summary>Reads everything that decides the release, changes nothing.</summary>
    /// <exception cref="EcsReleaseException">The release is refused; nothing was changed.</exception>
    public Task<ReleasePlan> PlanAsync(CancellationToken cancellationToken)
    {
        reporter.Step(ReleaseStep.Preflight, "Reading commit, account and live service");
        return Explained.RunAsync($"{options.Cluster}/{options.Service ?? ReleaseNames.Kebab(project.AssemblyName)}", () => new ReleasePlanner(options, project, target, time).PlanAsync(cancellationToken));
    }

    /// <summary>Does what was planned, once. How it ended is in the record, failures too; only cancellation is thrown.</summary>
    public async Task<ReleaseRecord> RunAsync(ReleasePlan plan, IPublisher publisher, CancellationToken cancellationToken)
    {
        var log = new ReleaseLog(options, plan, reporter, time);
        try
        {
            return await Explained.RunAsync($"{options.Cluster}/{options.Service ?? ReleaseNames.Kebab(project.AssemblyName)}", () => RunAsync(plan, publisher, log, cancellationToken));
        }
        catch (EcsReleaseException e)
        {
            return log.Ended(e);
        }
        catch (OperationCanceledException)
        {
            reporter.Detail(log.WhatGoesOn());
            throw;
        }
        finally
        {
            plan.Access.Dispose();
        }
    }

    /// <summary>The record of a release that was refused by its plan.</summary>
    public ReleaseRecord RecordOf(EcsReleaseException error) => ReleaseLog.Refused(options, project, error, time.GetUtcNow());

    private async Task<ReleaseRecord> RunAsync(ReleasePlan plan, IPublisher publisher, ReleaseLog log, CancellationToken cancellationToken)
    {
        if (options.DryRun)
            return log.Ended(ReleaseOutcome.Planned);

        using var build = new ImageBuild(options, target.Defaults.MayUseLocalBase, state, time, log.Warn);
        var image = await log.StepAsync(ReleaseStep.Build, plan.NeedsBuild ? $"Building the image of {plan.Commit.Sha[..12]}" : $"Image {plan.Tag} is there, nothing to build",
            () => build.BuildAsync(plan, new GuardedPublisher(publisher, plan.Commit, options, project, log.Warn), cancellationToken));

        var pushed = await log.StepAsync(ReleaseStep.Push, image is null ? $"Using {plan.Repository.Name}:{plan.Tag}" : $"Pushing to {plan.Repository.Name}",
            () => new EcrPush(plan.Access.Ecr, options, log, time).PushAsync(plan, image, cancellationToken));
        log.Pushed(pushed);
        if (options.StopAfter == StopAfterStep.Push)
            return log.Ended(ReleaseOutcome.HandedOn);

        var (desired, revision) = await log.StepAsync(ReleaseStep.Register, "Registering the task definition revision",
            () => new RevisionStep(options, target, project, log, time).RegisterAsync(plan, pushed, cancellationToken));
        log.Registered(revision);
        if (options.StopAfter == StopAfterStep.Register)
            return log.Ended(ReleaseOutcome.HandedOn);

        var rollout = await log.StepAsync(ReleaseStep.Update, $"Updating service {plan.Service}",
            () => new UpdateStep(options, target.Defaults, log, time).UpdateAsync(plan, desired, revision, pushed, cancellationToken));
        if (rollout is not null)
            log.Started(rollout = rollout with { FollowCommand = FollowCommand.For(options, plan.Service) });
        if (options.StopAfter == StopAfterStep.Update)
            return log.Ended(ReleaseOutcome.HandedOn);
        if (rollout is null)
            return log.Ended(ReleaseOutcome.Unchanged, await target.EndpointsAsync(plan.Cluster, plan.Service, cancellationToken));
        if (!options.Wait)
            return log.Ended(ReleaseOutcome.Started);

        var result = await log.StepAsync(ReleaseStep.Rollout, $"Rolling out {revision.Arn.Split('/')[^1]}",
            () => new RolloutWatch(plan.Access.Ecs, plan.Access.Logs, log, time).WaitAsync(rollout, options.Timeout, cancellationToken));
        return log.Ended(result, await target.EndpointsAsync(plan.Cluster, plan.Service, cancellationToken));
    }
}

using EcsRelease.Aws;
using EcsRelease.Deployments;
using EcsRelease.Images.Ecr;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>Collects the release record while the steps run, and passes on what they report.</summary>
internal sealed class ReleaseLog : IReporter
{
    private readonly ReleaseOptions options;
    private readonly WarningList reporter;
    private readonly TimeProvider time;
    private readonly Dictionary<string, double> seconds = [];
    private ReleaseRecord record;
    private Deployments.ServiceOwner? owner;
    // The update went out and was not refused: it may have begun.
    private bool wasSent;
    private bool isLive;

    public ReleaseLog(ReleaseOptions options, ReleasePlan plan, IReporter reporter, TimeProvider time)
    {
        this.options = options;
        this.reporter = new(reporter);
        this.time = time;
        seconds["preflight"] = Math.Round(plan.Seconds, 3);
        foreach (var warning in plan.Warnings)
            Warn(warning);
        record = Empty(options, plan.StartedAt) with
        {
            Commit = plan.Commit.Sha,
            Branch = plan.Commit.Branch,
            Tag = plan.Tag,
            Account = plan.Access.Account,
            Region = plan.Access.Region,
            Cluster = plan.Cluster,
            Service = plan.Service,
            Platforms = plan.Image?.Platforms ?? [plan.Platform],
        };
        Live(plan);
    }

    /// <summary>Null until a deployment is being followed.</summary>
    public StartedRollout? Rollout { get; private set; }

    public static ReleaseRecord Refused(ReleaseOptions options, ProjectInfo project, EcsReleaseException error, IReadOnlyList<Notice> warnings, DateTimeOffset at) =>
        Empty(options, at) with
        {
            Warnings = warnings,
            Outcome = error.Outcome,
            Code = error.Code,
            Message = error.Message,
            Fault = FaultOf(error),
            Cluster = options.Cluster,
            Service = options.Service ?? ReleaseNames.Kebab(project.AssemblyName),
        };

    public async Task<T> StepAsync<T>(ReleaseStep step, string text, Func<Task<T>> work)
    {
        Step(step, text);
        var start = time.GetTimestamp();
        try
        {
            return await work();
        }
        finally
        {
            var word = ReleaseOutcomes.Word(step);
            seconds[word] = Math.Round(seconds.GetValueOrDefault(word) + time.GetElapsedTime(start).TotalSeconds, 3);
        }
    }

    /// <summary>What is live before this release.</summary>
    public void Live(ReleasePlan plan)
    {
        owner = plan.LiveService?.OwnedBy;
        record = record with
        {
            Owner = plan.Owner,
            Strategy = plan.LiveService?.Strategy ?? "ROLLING",
            Previous = plan.LiveService is null ? null : new(plan.LiveCommit, plan.LiveService.TaskDefinition),
        };
    }

    public void Pushed(PushedImage image) =>
        record = record with { Image = image.Reference, Digest = image.Digest, Push = image.Figures, MovingTags = options.MovingTags };

    /// <summary>EcsSkipUnchanged: what is live is what there would be, so it is what the record names.</summary>
    public void Skipped(ReleasePlan plan, PushedImage live, string taskDefinition) => record = record with
    {
        Skipped = plan.Commit.Sha,
        Commit = plan.LiveCommit,
        Branch = plan.LiveBranch,
        Tag = live.Reference.Contains('@', StringComparison.Ordinal) ? null : live.Reference[(live.Reference.LastIndexOf(':') + 1)..],
        Image = live.Reference,
        Digest = live.Digest,
        Push = live.Figures,
        TaskDefinition = taskDefinition,
        Message = $"Commit {plan.Commit.Sha} changes neither image nor task definition of '{plan.Service}': {plan.LiveCommit ?? taskDefinition} stays live (EcsSkipUnchanged).",
    };

    public void Registered(RegisteredRevision revision) => record = record with { TaskDefinition = revision.Arn };

    /// <summary>The one call that changes the service.</summary>
    /// <exception cref="AwsServiceException"/>
    public async Task<StartedRollout> SendAsync(Func<Task<StartedRollout>> send)
    {
        wasSent = true;
        try
        {
            return await send();
        }
        catch (AwsServiceException refused) when (!refused.IsAnswerLost && refused.Operation is "ecs:UpdateService" or "ecs:CreateService")
        {
            wasSent = false;
            throw;
        }
    }

    public StartedRollout Started(StartedRollout started)
    {
        isLive = false;
        return Rollout = started.WithCommands(options);
    }

    /// <summary>The rollout succeeded; what comes now is the check.</summary>
    public void Succeeded() => isLive = true;

    /// <summary>A one-off task runs, which takes a moment to stop when the release is cancelled.</summary>
    public bool RunsTask { get; set; }

    /// <summary>Said beside <see cref="WhatGoesOn"/>: what a gate left behind, or that it was not passed.</summary>
    public string? GateRemark { get; set; }

    public void Before(GateRecord gate) => record = record with { Gates = new(gate, record.Gates?.After) };

    public void After(GateRecord gate) => record = record with { Gates = new(record.Gates?.Before, gate) };

    /// <param name="serviceDeployment">Null when ECS has not listed it.</param>
    public void Listed(string? serviceDeployment) => record = record with { ServiceDeployment = serviceDeployment };

    public ReleaseRecord Ended(ReleaseOutcome outcome, IReadOnlyList<string>? endpoints = null) => Close(record with { Outcome = outcome, Endpoints = endpoints ?? [] });

    /// <summary>Ended on purpose before the rollout's end.</summary>
    public ReleaseRecord HandedOn(ReleaseOutcome outcome) => Close(record with { Outcome = outcome, Message = record switch
    {
        _ when Rollout is not null => $"Follow it: {Follow}",
        { TaskDefinition: { } revision } when owner is not null => $"Hand on the task definition to {owner.Text}: {owner.Recipe(isImage: false, revision, record.Service!) ?? revision}",
        { TaskDefinition: { } revision } => $"Hand on the task definition: {revision}",
        _ => $"Hand on the image: {record.Image}",
    } });

    public ReleaseRecord Ended(RolloutResult result, IReadOnlyList<string> endpoints) => Close(record with
    {
        Outcome = result.Outcome,
        Code = result.Error?.Code,
        Message = result.Error?.Message ?? result.Remark,
        ServiceDeployment = result.ServiceDeployment ?? record.ServiceDeployment,
        Evidence = result.Evidence,
        Endpoints = endpoints,
    });

    /// <summary>Once the update may have been sent, no failure means that nothing was changed.</summary>
    public ReleaseRecord Ended(EcsReleaseException error)
    {
        var told = (wasSent || Rollout is not null) && error.Outcome is ReleaseOutcome.Refused or ReleaseOutcome.AwsFailed
            ? Errors.AfterUpdate(WhatGoesOn(), error)
            : error;
        return Close(record with { Outcome = told.Outcome, Code = told.Code, Message = told == error && GateRemark is { } remark ? $"{error.Message} {remark}" : told.Message, Evidence = error.Evidence, Fault = FaultOf(error) });
    }

    /// <summary>What is left running in AWS, and how to go on.</summary>
    public string WhatGoesOn() => GateRemark is { } remark ? $"{State()} {remark}" : State();

    private string State() => this switch
    {
        { isLive: true } => $"The deployment of {Rollout!.TaskDefinition} succeeded, it is live.",
        { Rollout: { } rollout } => $"{(wasSent ? "The update was sent; " : "")}ECS goes on with the deployment of {rollout.TaskDefinition}. Follow it: {Follow}",
        { wasSent: true } => $"The update of '{record.Service}' was sent, but no answer came: it may have begun. Look at it: {Follow}",
        _ => $"Service '{record.Service}' was not updated. Run the same command again: what was pushed is reused.",
    };

    public void Step(ReleaseStep step, string text) => reporter.Step(step, text);

    public void Progress(Progress progress) => reporter.Progress(progress);

    public void Detail(string text) => reporter.Detail(text);

    public void Warn(Notice warning) => reporter.Warn(warning);

    private string Follow => FollowCommand.For(options, record.Service!);

    private ReleaseRecord Close(ReleaseRecord ended)
    {
        seconds["total"] = Math.Round((time.GetUtcNow() - ended.StartedAt).TotalSeconds, 3);
        return ended with { Warnings = [.. reporter.Warnings], Seconds = new Dictionary<string, double>(seconds) };
    }

    private static Exception? FaultOf(EcsReleaseException error) => error.Outcome == ReleaseOutcome.Unexpected ? error.InnerException : null;

    private static ReleaseRecord Empty(ReleaseOptions options, DateTimeOffset startedAt) => new()
    {
        Version = EngineVersion.Current,
        StartedAt = startedAt,
        Outcome = ReleaseOutcome.Unexpected,
        Target = ReleaseOutcomes.Word(options.Target),
    };
}

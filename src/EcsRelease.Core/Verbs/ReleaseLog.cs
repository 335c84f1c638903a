using EcsRelease.Aws;
using EcsRelease.Deployments;
using EcsRelease.Images.Ecr;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>Collects the release record while the steps run, and passes on what they report.</summary>
internal sealed class ReleaseLog : IReporter
{
    private readonly IReporter reporter;
    private readonly TimeProvider time;
    private readonly List<Notice> warnings = [];
    private readonly Dictionary<string, double> seconds = [];
    private ReleaseRecord record;
    private StartedRollout? rollout;

    public ReleaseLog(ReleaseOptions options, ReleasePlan plan, IReporter reporter, TimeProvider time)
    {
        this.reporter = reporter;
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
            Owner = plan.Owner,
            Strategy = plan.LiveService?.Strategy ?? "ROLLING",
            Platforms = plan.Image?.Platforms ?? [plan.Platform],
            MovingTags = options.MovingTags,
            Previous = plan.LiveService is null ? null : new(plan.LiveCommit, plan.LiveService.TaskDefinition),
        };
    }

    public static ReleaseRecord Refused(ReleaseOptions options, ProjectInfo project, EcsReleaseException error, DateTimeOffset at) =>
        Empty(options, at) with
        {
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
            seconds[ReleaseOutcomes.Word(step)] = Math.Round(time.GetElapsedTime(start).TotalSeconds, 3);
        }
    }

    public void Pushed(PushedImage image) => record = record with { Image = image.Reference, Digest = image.Digest, Push = image.Figures };

    public void Registered(RegisteredRevision revision) => record = record with { TaskDefinition = revision.Arn };

    public void Started(StartedRollout started) => rollout = started;

    public ReleaseRecord Ended(ReleaseOutcome outcome, IReadOnlyList<string>? endpoints = null) => Close(record with { Outcome = outcome, Endpoints = endpoints ?? [] });

    public ReleaseRecord Ended(RolloutResult result, IReadOnlyList<string> endpoints) => Close(record with
    {
        Outcome = result.Outcome,
        Code = result.Error?.Code,
        Message = result.Error?.Message ?? result.Remark,
        ServiceDeployment = result.ServiceDeployment,
        Evidence = result.Evidence,
        Endpoints = endpoints,
    });

    public ReleaseRecord Ended(EcsReleaseException error) =>
        Close(record with { Outcome = error.Outcome, Code = error.Code, Message = error.Message, Evidence = error.Evidence, Fault = FaultOf(error) });

    /// <summary>What is left running in AWS after the tool was stopped, and how to go on.</summary>
    public string WhatGoesOn() => rollout is null
        ? "Stopped. The service was not updated; run the same command again to go on."
        : $"Stopped watching. ECS goes on with the deployment of {rollout.TaskDefinition}. Follow it: {rollout.FollowCommand}";

    public void Step(ReleaseStep step, string text) => reporter.Step(step, text);

    public void Progress(Progress progress) => reporter.Progress(progress);

    public void Detail(string text) => reporter.Detail(text);

    public void Warn(Notice warning)
    {
        warnings.Add(warning);
        reporter.Warn(warning);
    }

    private ReleaseRecord Close(ReleaseRecord ended)
    {
        seconds["total"] = Math.Round((time.GetUtcNow() - ended.StartedAt).TotalSeconds, 3);
        return ended with { Warnings = [.. warnings], Seconds = new Dictionary<string, double>(seconds) };
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

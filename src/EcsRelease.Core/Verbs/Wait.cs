using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>Follows the newest deployment of a service to its end, whoever began it; ends as a release would.</summary>
/// <param name="service">Name of the service.</param>
public sealed class Wait(ReleaseOptions options, string service, IReleaseTarget target, IReporter reporter, TimeProvider time)
{
    private readonly WarningList log = new(reporter);

    /// <returns>How the deployment ended, also badly.</returns>
    /// <exception cref="EcsReleaseException">There is nothing to follow, or AWS cannot be read (ECSR4xxx, 5113).</exception>
    public Task<ReleaseRecord> RunAsync(CancellationToken cancellationToken) =>
        Explained.RunAsync($"{options.Cluster}/{service}", () => FollowAsync(cancellationToken));

    private async Task<ReleaseRecord> FollowAsync(CancellationToken cancellationToken)
    {
        var startedAt = time.GetUtcNow();
        log.Step(ReleaseStep.Preflight, $"Looking for the deployment of {service}");
        using var access = await target.ConnectAsync(cancellationToken);
        var live = await LiveRelease.ReadAsync(access.Ecs, options with { StopAfter = StopAfterStep.None }, service, access, cancellationToken);
        if (live.Service is null)
            throw Errors.ServiceMissing(service, options.Cluster);
        var rollout = await RolloutAttachment.NewestAsync(access.Ecs, options.Cluster, service, time, cancellationToken) with { FollowCommand = FollowCommand.For(options, service) };
        var revision = await access.Ecs.DescribeTaskDefinitionAsync(
            new() { ["taskDefinition"] = rollout.TaskDefinition, ["include"] = new JsonArray("TAGS") }, cancellationToken);

        log.Step(ReleaseStep.Rollout, $"Following {rollout.TaskDefinition.Split('/')[^1]} in {service}");
        var watchedAt = time.GetTimestamp();
        var result = await new RolloutWatch(access, log, time).WaitAsync(rollout, options.Timeout, cancellationToken);
        var endpoints = await Endpoints.ReadAsync(target, options.Cluster, service, log, cancellationToken);
        return new ReleaseRecord
        {
            Version = EngineVersion.Current,
            StartedAt = startedAt,
            Outcome = result.Outcome,
            Code = result.Error?.Code,
            Message = result.Error?.Message ?? result.Remark,
            Commit = RevisionTags.CommitOf(revision),
            Branch = RevisionTags.Read(revision).Branch,
            Image = LiveImage.Of(revision, options.Container),
            Digest = RevisionTags.Read(revision).Digest,
            Owner = live.Service.Owner,
            Strategy = live.Service.Strategy,
            TaskDefinition = rollout.TaskDefinition,
            ServiceDeployment = result.ServiceDeployment ?? rollout.ServiceDeployment,
            Target = target.Name,
            Account = access.Account,
            Region = access.Region,
            Cluster = options.Cluster,
            Service = service,
            Endpoints = endpoints,
            Warnings = log.Warnings,
            Seconds = new Dictionary<string, double>
            {
                ["rollout"] = Math.Round(time.GetElapsedTime(watchedAt).TotalSeconds, 3),
                ["total"] = Math.Round((time.GetUtcNow() - startedAt).TotalSeconds, 3),
            },
            Evidence = result.Evidence,
        };
    }
}

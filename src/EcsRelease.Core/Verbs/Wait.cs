using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>Follows the newest deployment of a service to its end, whoever began it; ends as a release would.</summary>
/// <param name="service">Name of the service.</param>
public sealed class Wait(ReleaseOptions options, string service, IReleaseTarget target, IReporter reporter, TimeProvider time)
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();
    private readonly List<Notice> _warnings = [];

    /// <returns>How the deployment ended, also badly.</returns>
    /// <exception cref="EcsReleaseException">There is nothing to follow, or AWS cannot be read (ECSR4xxx, 5113).</exception>
    public async Task<ReleaseRecord> RunAsync(CancellationToken cancellationToken)
    {
        reporter.Step(ReleaseStep.Preflight, $"looking for the deployment of '{service}'");
        var access = await target.ConnectAsync(cancellationToken);
        try
        {
            var rollout = await RolloutAttachment.NewestAsync(access.Ecs, options.Cluster, service, time, cancellationToken);
            var revision = await access.Ecs.DescribeTaskDefinitionAsync(
                new() { ["taskDefinition"] = rollout.TaskDefinition, ["include"] = new System.Text.Json.Nodes.JsonArray("TAGS") }, cancellationToken);
            reporter.Step(ReleaseStep.Rollout, $"following {rollout.TaskDefinition.Split('/')[^1]} in '{service}'");
            var began = time.GetTimestamp();
            var result = await new RolloutWatch(access.Ecs, access.Logs, reporter, time).WaitAsync(rollout, options.Timeout, cancellationToken);
            var seconds = time.GetElapsedTime(began).TotalSeconds;
            return new ReleaseRecord
            {
                Version = EngineVersion.Current,
                StartedAt = _startedAt,
                Outcome = result.Outcome,
                Code = result.Error?.Code,
                Message = result.Error?.Message ?? result.Remark,
                Warnings = _warnings,
                Commit = RevisionTags.CommitOf(revision),
                Image = LiveImage.Of(revision, options.Container),
                Digest = RevisionTags.Read(revision).Digest,
                TaskDefinition = rollout.TaskDefinition,
                ServiceDeployment = result.ServiceDeployment ?? rollout.ServiceDeployment,
                Target = target.Name,
                Account = access.Account,
                Region = access.Region,
                Cluster = options.Cluster,
                Service = service,
                Endpoints = await target.EndpointsAsync(options.Cluster, service, cancellationToken),
                Seconds = new Dictionary<string, double> { ["rollout"] = seconds, ["total"] = (time.GetUtcNow() - _startedAt).TotalSeconds },
                Evidence = result.Evidence,
            };
        }
        catch (AwsServiceException error)
        {
            throw ServiceErrors.Explain(error, options.Cluster, service, access);
        }
    }
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>Reads a rollout: the service, and our service deployment once it is listed. Remembers which one is ours.</summary>
internal sealed class RolloutPoll(AmazonEcsClient ecs, StartedRollout rollout, TimeProvider time)
{
    // A listing may lag behind, and its clock differ from the service's: look a little further back.
    private static readonly TimeSpan _lookBack = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, string> _taskDefinitionOf = new(StringComparer.Ordinal);
    private readonly long _startedAt = time.GetTimestamp();
    private string? _ours = rollout.ServiceDeployment;
    private string? _denied;
    private bool _isSeenInProgress;
    private string? _state;
    private long _stateSince;

    /// <summary>From now on another service deployment of our revision is ours.</summary>
    public void Follow(string serviceDeployment) => _ours = serviceDeployment;

    /// <exception cref="AwsServiceException"/>
    public async Task<RolloutSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        var service = await ecs.DescribeServiceAsync(rollout.Cluster, rollout.Service, cancellationToken);
        _isSeenInProgress |= service.Primary().Text("rolloutState") == "IN_PROGRESS";
        var (deployment, others) = await ReadDeploymentAsync(cancellationToken);
        return new RolloutSnapshot
        {
            Service = service,
            Deployment = deployment,
            Others = others,
            Denied = _denied,
            IsSeenInProgress = _isSeenInProgress,
            Elapsed = time.GetElapsedTime(_startedAt),
            StateAge = AgeOf(State(service, deployment)),
        };
    }

    private async Task<(JsonObject? Deployment, IReadOnlyList<OtherDeployment> Others)> ReadDeploymentAsync(CancellationToken cancellationToken)
    {
        if (_denied is not null)
            return (null, []);
        try
        {
            IReadOnlyList<OtherDeployment> listed = [];
            if (_ours is null)
            {
                listed = await ListAsync(cancellationToken);
                _ours = Ours(listed);
            }
            var deployment = _ours is null ? null : await DescribeAsync(_ours, cancellationToken);
            // Who came after ours matters only when ours was stopped.
            if (deployment.Text("status") == "STOPPED")
                listed = await ListAsync(cancellationToken);
            return (deployment, [.. listed.Where(each => each.Arn != _ours)]);
        }
        catch (AwsServiceException denied) when (denied.IsAccessDenied)
        {
            _denied = denied.Operation;
            return (null, []);
        }
    }

    private async Task<JsonObject?> DescribeAsync(string arn, CancellationToken cancellationToken) =>
        (await ecs.DescribeServiceDeploymentsAsync(new JsonObject { ["serviceDeploymentArns"] = new JsonArray(arn) }, cancellationToken))
            .Objects("serviceDeployments").FirstOrDefault();

    // The first one of our revision that was not there before. Where nothing was begun, the newest one of it that can
    // be PRIMARY's and goes on: a success is of the time before PRIMARY was begun anew, or gone back to.
    private string? Ours(IReadOnlyList<OtherDeployment> listed)
    {
        var matches = listed.Where(each => each.TaskDefinition == rollout.TaskDefinition);
        if (!rollout.IsAttached)
            return matches.FirstOrDefault()?.Arn;
        return matches.LastOrDefault(each => each.CreatedAt >= rollout.UpdatedAt - RolloutRule.ClockTolerance && each.Status != "SUCCESSFUL")?.Arn;
    }

    private async Task<IReadOnlyList<OtherDeployment>> ListAsync(CancellationToken cancellationToken)
    {
        var listed = await ecs.ListDeploymentsAsync(rollout.Cluster, rollout.Service, rollout.UpdatedAt - _lookBack, cancellationToken);
        var candidates = listed.Where(IsNew).OrderBy(each => each.Time("createdAt")).ToList();
        var unknown = candidates.Select(each => each.Text("targetServiceRevisionArn")).OfType<string>()
            .Where(arn => !_taskDefinitionOf.ContainsKey(arn));
        foreach (var (arn, taskDefinition) in await ecs.TaskDefinitionsOfAsync(unknown, cancellationToken))
            _taskDefinitionOf[arn] = taskDefinition;
        return
        [
            .. candidates.Select(each => new OtherDeployment(
                each.Text("serviceDeploymentArn") ?? "",
                each.Time("createdAt") ?? DateTimeOffset.MinValue,
                _taskDefinitionOf.GetValueOrDefault(each.Text("targetServiceRevisionArn") ?? ""),
                each.Text("status"))),
        ];
    }

    private bool IsNew(JsonObject brief) => rollout.IsAttached || (rollout.Baseline.ServiceDeployments is { } before
        ? !before.Contains(brief.Text("serviceDeploymentArn") ?? "")
        : brief.Time("createdAt") >= rollout.UpdatedAt - RolloutRule.ClockTolerance);

    // Counts decide only where ECS tells no rolloutState; elsewhere tasks that come and go would keep it young for ever.
    private static string State(JsonObject? service, JsonObject? deployment) => string.Join('|',
        service.Text("status"), deployment.Text("status"), service.Primary().Text("id"),
        service.Primary().Text("rolloutState") ?? $"{service.Primary().Integer("runningCount")} of {service.Objects("deployments").Count()}");

    private TimeSpan AgeOf(string state)
    {
        if (state != _state)
        {
            _state = state;
            _stateSince = time.GetTimestamp();
        }
        return time.GetElapsedTime(_stateSince);
    }
}

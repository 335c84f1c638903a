using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>What is live in a service: the document of `status --json`. Its shape is a promise, additions only.</summary>
public sealed record ServiceStatus
{
    public int Schema { get; init; } = 1;

    public required string Version { get; init; }

    public required string Target { get; init; }

    public required string Account { get; init; }

    public required string Region { get; init; }

    public required string Cluster { get; init; }

    public required string Service { get; init; }

    /// <summary>ACTIVE or DRAINING.</summary>
    public required string State { get; init; }

    /// <summary>Who deploys it: ECS, CODE_DEPLOY or EXTERNAL.</summary>
    public string Controller { get; init; } = "ECS";

    /// <summary>The commit of the PRIMARY revision, from its tags, else from its image's tag; null when neither says.</summary>
    public string? Commit { get; init; }

    public string? Branch { get; init; }

    public string? TaskDefinition { get; init; }

    public string? Image { get; init; }

    public string? Digest { get; init; }

    public required int Running { get; init; }

    public required int Pending { get; init; }

    public required int Desired { get; init; }

    /// <summary>The deployments of the service, PRIMARY first; its task sets where another controller than ECS has them in
    /// place of deployments.</summary>
    public IReadOnlyList<DeploymentStatus> Deployments { get; init; } = [];

    public string? Owner { get; init; }

    public IReadOnlyList<string> Endpoints { get; init; } = [];
}

/// <param name="Status">PRIMARY, ACTIVE, INACTIVE; of a task set also DRAINING.</param>
/// <param name="State">COMPLETED, IN_PROGRESS, FAILED, null behind a Classic Load Balancer; of a task set
/// STABILIZING, STEADY_STATE.</param>
public sealed record DeploymentStatus(
    string Id, string Status, string? State, string? Reason, string TaskDefinition, int Running, int Desired, int Failed, DateTimeOffset? UpdatedAt);

/// <summary>Reads what is live. Changes nothing.</summary>
/// <param name="service">Name of the service.</param>
public sealed class Status(ReleaseOptions options, string service, IReleaseTarget target)
{
    /// <exception cref="EcsReleaseException">ECSR4006 cluster missing, ECSR4010 service missing, ECSR4xxx.</exception>
    public Task<ServiceStatus> ReadAsync(CancellationToken cancellationToken) =>
        Explained.RunAsync($"{options.Cluster}/{service}", () => DescribeAsync(cancellationToken));

    private async Task<ServiceStatus> DescribeAsync(CancellationToken cancellationToken)
    {
        using var access = await target.ConnectAsync(cancellationToken);
        var live = await LiveRelease.ReadAsync(access.Ecs, options with { StopAfter = StopAfterStep.None }, service, access, cancellationToken);
        var found = live.Service ?? throw Errors.ServiceMissing(service, options.Cluster);
        return new ServiceStatus
        {
            Version = EngineVersion.Current,
            Target = target.Name,
            Account = access.Account,
            Region = access.Region,
            Cluster = options.Cluster,
            Service = service,
            State = found.Status,
            Controller = found.Controller,
            Commit = live.Commit,
            Branch = live.Revision is { } tagged ? RevisionTags.Read(tagged).Branch : null,
            TaskDefinition = found.TaskDefinition is { Length: > 0 } arn ? arn : null,
            Image = live.Revision is { } revision ? LiveImage.Of(revision, options.Container) : null,
            Digest = live.Revision is { } described ? RevisionTags.Read(described).Digest : null,
            Running = found.RunningCount,
            Pending = found.PendingCount,
            Desired = found.DesiredCount,
            Deployments = [.. found.Deployments.Select(Of).Concat(found.TaskSets.Select(OfTaskSet)).OrderByDescending(each => each.Status == "PRIMARY")],
            Owner = found.Owner,
            Endpoints = await target.EndpointsAsync(options.Cluster, service, cancellationToken),
        };
    }

    private static DeploymentStatus Of(JsonObject deployment) => new(
        deployment.Text("id") ?? "",
        deployment.Text("status") ?? "",
        deployment.Text("rolloutState"),
        deployment.Text("rolloutStateReason"),
        deployment.Text("taskDefinition") ?? "",
        deployment.Integer("runningCount") ?? 0,
        deployment.Integer("desiredCount") ?? 0,
        deployment.Integer("failedTasks") ?? 0,
        deployment.Time("updatedAt"));

    private static DeploymentStatus OfTaskSet(JsonObject taskSet) => new(
        taskSet.Text("id") ?? "",
        taskSet.Text("status") ?? "",
        taskSet.Text("stabilityStatus"),
        null,
        taskSet.Text("taskDefinition") ?? "",
        taskSet.Integer("runningCount") ?? 0,
        taskSet.Integer("computedDesiredCount") ?? 0,
        0,
        taskSet.Time("updatedAt"));
}

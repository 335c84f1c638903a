using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;
using EcsRelease.Git;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verbs;

/// <summary>Reads what is live. Changes nothing.</summary>
/// <param name="service">Name of the service.</param>
/// <param name="directory">Of the clone that knows the commits; null = none is asked.</param>
public sealed class Status(ReleaseOptions options, string service, IReleaseTarget target, string? directory = null)
{
    /// <exception cref="EcsReleaseException">ECSR4006 cluster missing, ECSR4010 service missing, ECSR4xxx.</exception>
    public Task<ServiceStatus> ReadAsync(CancellationToken cancellationToken) => Explained.RunAsync($"{options.Cluster}/{service}", async () =>
    {
        using var access = await target.ConnectAsync(cancellationToken);
        return await ReadAsync(access, cancellationToken);
    });

    /// <exception cref="EcsReleaseException">ECSR4006 cluster missing, ECSR4010 service missing, ECSR4xxx.</exception>
    /// <exception cref="AwsServiceException"/>
    internal async Task<ServiceStatus> ReadAsync(AwsAccess access, CancellationToken cancellationToken)
    {
        var live = await LiveRelease.ReadAsync(access.Ecs, options with { StopAfter = StopAfterStep.None }, service, access, cancellationToken);
        var found = live.Service ?? throw Errors.ServiceMissing(service, options.Cluster);
        var tags = live.Revision is null ? null : RevisionTags.Read(live.Revision);
        var released = live.Revision is null ? null : LiveImage.ContainerOf(live.Revision, options.Container);
        var text = directory is null || live.Commit is null ? null : (await CommitTexts.ReadAsync(directory, [live.Commit], cancellationToken)).GetValueOrDefault(live.Commit);
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
            Branch = tags?.Branch,
            Subject = text?.Subject,
            Author = text?.Author,
            ReleasedAt = (found.Primary ?? found.TaskSets.FirstOrDefault(each => each.Text("status") == "PRIMARY")).Time("createdAt"),
            TaskDefinition = found.TaskDefinition is { Length: > 0 } arn ? arn : null,
            IsReleased = live.Revision is null ? null : RevisionOrigin.IsReleased(live.Revision, await BeforeAsync(access.Ecs, live.Revision, cancellationToken)),
            Image = released.Text("image"),
            Digest = tags?.Digest,
            RunningDigest = released.Text("name") is { } container ? await RunningDigest.OfAsync(access.Ecs, found, container, cancellationToken) : null,
            Running = found.RunningCount,
            Pending = found.PendingCount,
            Desired = found.DesiredCount,
            Deployments = [.. found.Deployments.Select(Of).Concat(found.TaskSets.Select(OfTaskSet)).OrderByDescending(each => each.Status == "PRIMARY")],
            Owner = found.Owner,
            Endpoints = await target.EndpointsAsync(options.Cluster, service, cancellationToken),
            Head = directory is null ? null : await HeadDrift.ReadAsync(directory, live.Commit, cancellationToken),
        };
    }

    // Where nothing on a revision tells what made it, the one that it was probably made from does.
    private static async Task<JsonObject?> BeforeAsync(AmazonEcsClient ecs, JsonObject revision, CancellationToken cancellationToken)
    {
        var definition = revision.Object("taskDefinition");
        var number = definition.Integer("revision");
        if (RevisionTags.Read(revision).Hash is not null || definition.Text("family") is not { } family || number is not > 1)
            return null;
        try
        {
            return await ecs.DescribeTaskDefinitionAsync(new() { ["taskDefinition"] = $"{family}:{number - 1}", ["include"] = new JsonArray("TAGS") }, cancellationToken);
        }
        catch (AwsServiceException deleted) when (!deleted.IsPassing)
        {
            return null;
        }
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

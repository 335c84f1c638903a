using System.Globalization;
using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Pruning;

/// <summary>What the service deployments of the last 90 days (ECS keeps no older ones) went to and came from: what a
/// rollback can go back to.</summary>
/// <param name="ecs">Paced.</param>
internal sealed class DeploymentUses(AmazonEcsClient ecs)
{
    private const string Actions = "ecs:ListServiceDeployments, ecs:DescribeServiceDeployments, ecs:DescribeServiceRevisions";

    public async Task ReadAsync(IReadOnlyList<FoundService> services, References into, CancellationToken cancellationToken) =>
        // Other controllers have task sets, and no service deployments.
        await PacedCalls.AllAsync(services.Where(service => service.Controller == "ECS"), async (service, stop) =>
        {
            await SourceRead.TryAsync(into, $"the service deployments of '{service.Place}'", Actions, async () =>
            {
                await ReadAsync(service, into, stop);
                return service;
            });
            return service;
        }, cancellationToken);

    private async Task ReadAsync(FoundService service, References into, CancellationToken cancellationToken)
    {
        var listed = new List<JsonObject>();
        await foreach (var deployment in Paging.ListAllAsync(ecs.ListServiceDeploymentsAsync,
            new() { ["cluster"] = service.Cluster, ["service"] = service.Arn, ["maxResults"] = 100 }, "serviceDeployments", cancellationToken))
            listed.Add((JsonObject)deployment);
        var described = await PacedCalls.AllAsync(listed.Select(each => each.Text("serviceDeploymentArn")).OfType<string>().Chunk(Paging.DeploymentsACall),
            (arns, stop) => ecs.DescribeServiceDeploymentsAsync(new() { ["serviceDeploymentArns"] = arns.ToJsonArray() }, stop), cancellationToken);

        // By service revision: the newest deployment that has it, for the reason, and how those to it ended.
        var uses = new Dictionary<string, string>();
        var ends = new List<(string Revision, string? Status)>();
        void Add(string? revision, string by)
        {
            if (revision is not null)
                uses.TryAdd(revision, by);
        }
        foreach (var brief in listed)
            Add(brief.Text("targetServiceRevisionArn"), $"a deployment of {service.Place} went to it {On(brief)}");
        foreach (var deployment in described.SelectMany(answer => answer.Objects("serviceDeployments")))
        {
            Add(deployment.Object("targetServiceRevision").Text("arn"), $"a deployment of {service.Place} went to it {On(deployment)}");
            if (deployment.Object("targetServiceRevision").Text("arn") is { } target)
                ends.Add((target, deployment.Text("status")));
            foreach (var source in deployment.Objects("sourceServiceRevisions"))
                Add(source.Text("arn"), $"a deployment of {service.Place} replaced it {On(deployment)}");
            Add(deployment.Object("rollback").Text("serviceRevisionArn"), $"{service.Place} was rolled back to it {On(deployment)}");
        }

        // One that ECS has forgotten (MISSING) is nothing that it could go back to.
        var revisions = await PacedCalls.AllAsync(uses.Keys.Chunk(Paging.DeploymentsACall), (arns, stop) =>
            ecs.DescribeServiceRevisionsAsync(new() { ["serviceRevisionArns"] = arns.ToJsonArray() }, stop), cancellationToken);
        var definitions = new Dictionary<string, string>();
        foreach (var revision in revisions.SelectMany(answer => answer.Objects("serviceRevisions")))
        {
            if (revision.Text("serviceRevisionArn") is not { } arn || !uses.TryGetValue(arn, out var by))
                continue;
            into.AddRevision(revision.Text("taskDefinition"), by);
            foreach (var image in revision.Objects("containerImages"))
                into.AddDigest(image.Text("imageDigest"), by);
            if (revision.Text("taskDefinition") is { } definition)
                definitions[arn] = definition;
        }
        foreach (var (revision, status) in ends)
            if (definitions.TryGetValue(revision, out var definition))
                into.AddEnd(definition, status is not ("STOPPED" or "ROLLBACK_SUCCESSFUL" or "ROLLBACK_FAILED"));
    }

    private static string On(JsonObject deployment) => deployment.Time("createdAt") is { } at ? string.Create(CultureInfo.InvariantCulture, $"on {at:yyyy-MM-dd}") : "lately";
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Verification;

/// <summary>The log groups exist, or are made: a task does not start without its own
/// (docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html).</summary>
internal sealed class LogGroupsCheck : DefinitionCheck
{
    public override CheckGroup Group => CheckGroup.Logs;

    public override string Name => "log groups";

    protected override async Task<IReadOnlyList<Finding>> RunAsync(JsonObject definition, VerifiedRelease release, CancellationToken cancellationToken)
    {
        var logs = DefinitionReferences.AwsLogs(definition).ToList();
        return logs.Count == 0
            ? [Finding.Ok("no container logs with awslogs")]
            : await Task.WhenAll(logs.Select(log => Finding.OfAsync($"container '{log.Container}'", () => OfAsync(log.Container, log.Options, release, cancellationToken))));
    }

    private static async Task<Finding> OfAsync(string container, JsonObject options, VerifiedRelease release, CancellationToken cancellationToken)
    {
        if (options.Text("awslogs-group") is not { } group)
            return Finding.Failed($"container '{container}': awslogs has no awslogs-group", "Set \"awslogs-group\" in the container's logConfiguration (properties: EcsLogGroup).");
        if (options.Text("awslogs-region") is { } region && region != release.Region)
            return Finding.CouldNotCheck($"container '{container}': log group '{group}' is in region {region}, this release in {release.Region}");
        if (await LogGroups.ExistsAsync(release.Access.Logs, group, cancellationToken))
            return Finding.Ok($"container '{container}': '{group}' exists");
        if (options.Text("awslogs-create-group") == "true")
            return Finding.Ok($"container '{container}': '{group}' does not exist yet; the first task creates it (see the execution role's permissions)");
        return release.Defaults.CreateLogGroup && container == release.Desired!.Container
            ? Finding.Ok($"container '{container}': '{group}' does not exist yet; deploy creates it")
            : Finding.Failed($"container '{container}': log group '{group}' does not exist", $"aws logs create-log-group --log-group-name {ShellWord.Of(group)} --region {release.Region}");
    }
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>Where the log of a task's container is to be read.</summary>
/// <param name="Stream">`PREFIX/CONTAINER/TASKID` (API_LogConfiguration); null while it is not known.</param>
/// <param name="Elsewhere">Why it is not in CloudWatch Logs of this region; null = it is.</param>
internal sealed record LogPlace(string? Group, string? Stream, string? Elsewhere)
{
    /// <param name="definition">A task definition as described.</param>
    /// <param name="runtimeId">Of the container; names the stream where there is no prefix (EC2 only).</param>
    public static LogPlace Of(JsonObject definition, string container, string taskId, string? runtimeId)
    {
        var configuration = definition.Objects("containerDefinitions").FirstOrDefault(each => each.Text("name") == container).Object("logConfiguration");
        if (configuration.Text("logDriver") is not { } driver)
            return At("the container has no logConfiguration, so its log is lost");
        if (driver != "awslogs")
            return At($"its log driver is {driver}: look there");
        var options = configuration.Object("options");
        var group = options.Text("awslogs-group");
        if (options.Text("awslogs-region") is { } region && RegionOf(definition) is { } own && region != own)
            return At($"its log is in region {region}, group '{group}'");
        return new(group, options.Text("awslogs-stream-prefix") is { } prefix ? $"{prefix}/{container}/{taskId}" : runtimeId, null);
    }

    private static LogPlace At(string elsewhere) => new(null, null, elsewhere);

    private static string? RegionOf(JsonObject definition) =>
        definition.Text("taskDefinitionArn")?.Split(':') is { Length: > 3 } parts ? parts[3] : null;
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>Where the log of a task's container is to be read.</summary>
/// <param name="Stream">`PREFIX/CONTAINER/TASKID` (API_LogConfiguration).</param>
/// <param name="Absence">A line in parentheses that says why it is not in CloudWatch Logs of this region, or cannot be
/// found; null = it is there.</param>
internal sealed record LogPlace(string Group, string Stream, string? Absence)
{
    /// <param name="definition">A task definition as described.</param>
    /// <param name="runtimeId">Of the container; names the stream where there is no prefix (EC2 only).</param>
    public static LogPlace Of(JsonObject definition, string container, string taskId, string? runtimeId)
    {
        var configuration = definition.Objects("containerDefinitions").FirstOrDefault(each => each.Text("name") == container).Object("logConfiguration");
        if (configuration.Text("logDriver") is not { } driver)
            return Absent("(the container has no logConfiguration, so its log is lost)");
        if (driver != "awslogs")
            return Absent($"(its log driver is {driver}: look there)");
        var options = configuration.Object("options");
        var stream = options.Text("awslogs-stream-prefix") is { } prefix ? $"{prefix}/{container}/{taskId}" : runtimeId;
        if (stream is null || options.Text("awslogs-group") is not { } group)
            return Absent("(its log cannot be found: awslogs-group, or the prefix and the container's runtime id, are not known)");
        return options.Text("awslogs-region") is { } region && RegionOf(definition) is { } own && region != own
            ? Absent($"(its log is in region {region}: aws logs get-log-events --region {region} --log-group-name {ShellWord.Of(group)} --log-stream-name {ShellWord.Of(stream)})")
            : new(group, stream, null);
    }

    private static LogPlace Absent(string why) => new("", "", why);

    private static string? RegionOf(JsonObject definition) =>
        definition.Text("taskDefinitionArn")?.Split(':') is { Length: > 3 } parts ? parts[3] : null;
}

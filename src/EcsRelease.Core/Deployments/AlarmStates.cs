using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>The CloudWatch alarms that ended a deployment.</summary>
internal static class AlarmStates
{
    /// <summary>Names of the alarms that went off.</summary>
    public static IReadOnlyList<string> Triggered(JsonObject? deployment) =>
        deployment.Object("alarms") is { } alarms && alarms.Text("status") == "TRIGGERED" ? [.. alarms.Texts("triggeredAlarmNames")] : [];

    /// <exception cref="AwsServiceException"/>
    public static async Task<IReadOnlyList<AlarmEvidence>> ReadAsync(AmazonCloudWatchClient cloudWatch, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        // Composite ones are left out of the answer unless they are asked for.
        var answer = await cloudWatch.DescribeAlarmsAsync(
            new JsonObject { ["AlarmNames"] = names.ToJsonArray(), ["MaxRecords"] = 100, ["AlarmTypes"] = new JsonArray("MetricAlarm", "CompositeAlarm") }, cancellationToken);
        var found = answer.Objects("MetricAlarms").Concat(answer.Objects("CompositeAlarms")).ToLookup(each => each.Text("AlarmName"));
        return [.. names.Select(name => new AlarmEvidence(name, found[name].FirstOrDefault().Text("StateValue"), found[name].FirstOrDefault().Text("StateReason")))];
    }
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>What the load balancer thinks of the service's targets (ELBv2 DescribeTargetHealth).</summary>
internal static class TargetHealth
{
    /// <summary>ARNs of the target groups of a service, also the alternate one of a blue/green deployment.</summary>
    public static IReadOnlyList<string> GroupsOf(JsonObject? service) =>
    [
        .. service.Objects("loadBalancers")
            .SelectMany(each => new[] { each.Text("targetGroupArn"), each.Object("advancedConfiguration").Text("alternateTargetGroupArn") })
            .OfType<string>().Distinct(),
    ];

    /// <summary>Unhealthy ones first.</summary>
    /// <exception cref="AwsServiceException"/>
    public static async Task<IReadOnlyList<TargetEvidence>> ReadAsync(AmazonElasticLoadBalancingV2Client elb, string group, CancellationToken cancellationToken)
    {
        var answer = await elb.DescribeTargetHealthAsync(new JsonObject { ["TargetGroupArn"] = group }, cancellationToken);
        return
        [
            .. answer.Objects("TargetHealthDescriptions")
                .GroupBy(each => (State: each.Object("TargetHealth").Text("State"), Reason: each.Object("TargetHealth").Text("Reason"), Text: each.Object("TargetHealth").Text("Description")))
                .OrderBy(alike => alike.Key.State is "healthy")
                .Select(alike => new TargetEvidence(group, alike.Key.State, alike.Key.Reason, alike.Key.Text, [.. alike.Select(Address)])),
        ];
    }

    // The port is a text in the query protocol.
    private static string Address(JsonObject description) =>
        $"{description.Object("Target").Text("Id")}:{description.Object("Target").Text("Port") ?? description.Object("Target").Integer("Port")?.ToString(System.Globalization.CultureInfo.InvariantCulture)}";
}

using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Verification;

/// <summary>The target groups exist and take the tasks (docs.aws.amazon.com/AmazonECS/latest/developerguide/alb.html,
/// .../nlb.html; DescribeTargetGroups).</summary>
internal sealed class TargetGroupsCheck : DefinitionCheck
{
    public override CheckGroup Group => CheckGroup.Service;

    public override string Name => "target groups";

    protected override async Task<IReadOnlyList<Finding>> RunAsync(JsonObject definition, VerifiedRelease release, CancellationToken cancellationToken)
    {
        var used = Used(release).ToList();
        return used.Count == 0
            ? [Finding.Ok("the service has none")]
            : await Task.WhenAll(used.Select(each => Finding.OfAsync($"target group '{each.Arn}'", () => OfAsync(each, definition, release, cancellationToken))));
    }

    private static IEnumerable<UsedTargetGroup> Used(VerifiedRelease release)
    {
        if (release.Live is null)
            return release.Options.TargetGroup is { } wanted ? [new(wanted, release.Desired!.Container, null)] : [];
        return release.Live.Description.Objects("loadBalancers").SelectMany(balancer =>
            new[] { balancer.Text("targetGroupArn"), balancer.Object("advancedConfiguration").Text("alternateTargetGroupArn") }.OfType<string>()
                .Select(arn => new UsedTargetGroup(arn, balancer.Text("containerName") ?? "", balancer.Integer("containerPort"))));
    }

    private static async Task<Finding> OfAsync(UsedTargetGroup used, JsonObject definition, VerifiedRelease release, CancellationToken cancellationToken)
    {
        if (used.Arn.Split(':') is { Length: > 5 } parts && parts[3] != release.Region)
            return Finding.Failed($"'{used.Arn}' is in region {parts[3]}, the service in {release.Region}", $"aws elbv2 describe-target-groups --region {release.Region}");
        try
        {
            var answer = await release.Access.Elb.DescribeTargetGroupsAsync(new JsonObject { ["TargetGroupArns"] = new JsonArray(used.Arn) }, cancellationToken);
            return answer.Objects("TargetGroups").FirstOrDefault() is { } found ? Fits(found, used, definition, release) : Missing(used, release);
        }
        catch (AwsServiceException absent) when (absent.ErrorCode is "TargetGroupNotFound" or "TargetGroupNotFoundException")
        {
            return Missing(used, release);
        }
    }

    private static Finding Fits(JsonObject group, UsedTargetGroup used, JsonObject definition, VerifiedRelease release)
    {
        var name = group.Text("TargetGroupName") ?? used.Arn;
        var (type, mode) = (group.Text("TargetType"), definition.Text("networkMode") ?? "bridge");
        var wanted = mode == "awsvpc" ? "ip" : "instance";
        if (type != wanted)
            return Finding.Failed($"'{name}' has targets of type '{type}', tasks with network mode '{mode}' are of type '{wanted}'",
                $"aws elbv2 create-target-group --name {ShellWord.Of(name + "-" + wanted)} --target-type {wanted} --protocol {group.Text("Protocol")} --port {group.Text("Port")} --vpc-id {group.Text("VpcId")}");
        if (!group.Texts("LoadBalancerArns").Any())
            return Finding.Failed($"'{name}' is behind no load balancer, which ECS refuses", $"aws elbv2 create-listener --load-balancer-arn ARN --protocol {group.Text("Protocol")} --port {group.Text("Port")} --default-actions Type=forward,TargetGroupArn={used.Arn}");
        var mappings = release.Container(used.Container).Objects("portMappings").ToList();
        var mapping = used.Port is null ? mappings.FirstOrDefault() : mappings.FirstOrDefault(each => each.Integer("containerPort") == used.Port);
        var protocol = mapping.Text("protocol") ?? "tcp";
        if (!Carries(group.Text("Protocol"), protocol))
            return Finding.Failed($"'{name}' speaks {group.Text("Protocol")}, port {used.Port} of container '{used.Container}' is {protocol}",
                $"Map the port with protocol {(protocol == "udp" ? "tcp" : "udp")}, or use a target group of that protocol.");
        return HealthPort(group, name, definition, release) ?? Finding.Ok($"'{name}' takes targets of type {type} and checks {Health(group)}");
    }

    private static Finding? HealthPort(JsonObject group, string name, JsonObject definition, VerifiedRelease release)
    {
        if (!int.TryParse(group.Text("HealthCheckPort"), out var port) || definition.Text("networkMode") != "awsvpc")
            return null;
        // A process may listen on a port that no container declares.
        return release.Containers.Any(container => container.Objects("portMappings").Any(mapping => mapping.Integer("containerPort") == port))
            ? null
            : Finding.CouldNotCheck($"'{name}' checks port {port}, which no container declares; whether anything listens there is not known");
    }

    private static bool Carries(string? group, string port) => group switch
    {
        "UDP" or "QUIC" => port == "udp",
        "TCP_UDP" or "TCP_QUIC" => true,
        _ => port == "tcp",
    };

    private static string Health(JsonObject group) =>
        $"{group.Text("HealthCheckProtocol")} {group.Text("HealthCheckPath")} on {(group.Text("HealthCheckPort") is "traffic-port" or null ? "the container's port" : $"port {group.Text("HealthCheckPort")}")}".Replace("  ", " ", StringComparison.Ordinal);

    private static Finding Missing(UsedTargetGroup used, VerifiedRelease release) =>
        Finding.Failed($"'{used.Arn}' does not exist", $"aws elbv2 describe-target-groups --region {release.Region}");

    private sealed record UsedTargetGroup(string Arn, string Container, int? Port);
}

using System.Globalization;
using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>Creation options that are declared and that the live service has otherwise. A release leaves them as they are
/// (DESIGN 14, "Creation options"); here is what differs and the command that changes it. The desired count is left out:
/// autoscaling moves it.</summary>
internal sealed class CreationDrift
{
    private readonly List<string> differences = [];
    private readonly List<string> flags = [];
    private readonly List<string> configuration = [];

    /// <summary>`EcsMaximumPercent 200 (live: 150)`.</summary>
    public IReadOnlyList<string> Differences => differences;

    /// <summary>Null when UpdateService cannot change any of it.</summary>
    public string? Command { get; }

    public CreationDrift(ReleaseOptions options, LiveService live, string cluster, string service, string region)
    {
        Configuration(options, live.Description.Object("deploymentConfiguration"));
        if (options.HealthCheckGracePeriod is { } grace)
            Compare("EcsHealthCheckGracePeriod", Number((int)grace.TotalSeconds) + " s", Number(live.Description.Integer("healthCheckGracePeriodSeconds") ?? 0) + " s",
                $"--health-check-grace-period-seconds {Number((int)grace.TotalSeconds)}");
        Capacity(options, live.Description);
        Network(options, live.Description.Object("networkConfiguration").Object("awsvpcConfiguration"));
        var groups = Groups(live.Description);
        if (options.TargetGroup is { } group)
        {
            var first = live.Description.Objects("loadBalancers").FirstOrDefault();
            Compare("EcsTargetGroup", group, groups.Contains(group) ? group : List(groups),
                $"--load-balancers {ShellWord.Of($"targetGroupArn={group},containerName={options.Container ?? first.Text("containerName") ?? "CONTAINER"},containerPort={(first.Integer("containerPort") is { } port ? Number(port) : "PORT")}")}");
        }
        if (configuration.Count > 0)
            flags.Insert(0, $"--deployment-configuration {ShellWord.Of(string.Join(',', configuration))}");
        if (flags.Count > 0)
            Command = $"aws ecs update-service --cluster {ShellWord.Of(cluster)} --service {ShellWord.Of(service)} --region {region} {string.Join(' ', flags)}";
    }

    private void Configuration(ReleaseOptions options, JsonObject? live)
    {
        Percent("EcsMinimumHealthyPercent", options.MinimumHealthyPercent, live.Integer("minimumHealthyPercent"), "minimumHealthyPercent");
        Percent("EcsMaximumPercent", options.MaximumPercent, live.Integer("maximumPercent"), "maximumPercent");
        if (options.CircuitBreaker == CircuitBreakerPolicy.Keep)
            return;
        var breaker = live.Object("deploymentCircuitBreaker");
        var found = breaker.Flag("enable") != true ? CircuitBreakerPolicy.Off : breaker.Flag("rollback") == true ? CircuitBreakerPolicy.Rollback : CircuitBreakerPolicy.On;
        if (Differs("EcsCircuitBreaker", options.CircuitBreaker.Word(), found.Word()))
            configuration.Add($"deploymentCircuitBreaker={{enable={Word(options.CircuitBreaker != CircuitBreakerPolicy.Off)},rollback={Word(options.CircuitBreaker == CircuitBreakerPolicy.Rollback)}}}");
    }

    private void Percent(string option, int? wanted, int? found, string member)
    {
        if (wanted is { } percent && Differs(option, Number(percent), found is { } live ? Number(live) : "(absent)"))
            configuration.Add($"{member}={Number(percent)}");
    }

    // UpdateService takes no launch type; capacity providers need a deployment to act.
    private void Capacity(ReleaseOptions options, JsonObject live)
    {
        if (options.CapacityProviders.Count > 0)
        {
            var wanted = options.CapacityProviders.Select(text => text.Split('=', 2)).Select(pair => (Name: pair[0], Weight: pair.Length > 1 ? pair[1] : "0")).ToList();
            var found = live.Objects("capacityProviderStrategy").Select(each => (Name: each.Text("capacityProvider") ?? "", Weight: Number(each.Integer("weight") ?? 0)));
            Compare("EcsCapacityProviders", List(wanted.Select(each => $"{each.Name}={each.Weight}")), List(found.Select(each => $"{each.Name}={each.Weight}")),
                $"--capacity-provider-strategy {string.Join(' ', wanted.Select(each => $"capacityProvider={each.Name},weight={each.Weight}"))} --force-new-deployment");
        }
        else if (options.LaunchType is { } type)
            Differs("EcsLaunchType", type, live.Text("launchType") ?? "(capacity providers)");
    }

    private void Network(ReleaseOptions options, JsonObject? live)
    {
        var differs = options.Subnets.Count > 0 && Differs("EcsSubnets", List(options.Subnets), List(live.Texts("subnets")));
        differs |= options.SecurityGroups.Count > 0 && Differs("EcsSecurityGroups", List(options.SecurityGroups), List(live.Texts("securityGroups")));
        // False is the default, so it is nothing that somebody declared.
        differs |= options.AssignPublicIp && Differs("EcsAssignPublicIp", "ENABLED", live.Text("assignPublicIp") ?? "DISABLED");
        if (!differs)
            return;
        var subnets = options.Subnets.Count > 0 ? options.Subnets : live.Texts("subnets");
        var groups = options.SecurityGroups.Count > 0 ? options.SecurityGroups : live.Texts("securityGroups");
        var ip = options.AssignPublicIp ? "ENABLED" : live.Text("assignPublicIp") ?? "DISABLED";
        flags.Add($"--network-configuration {ShellWord.Of($"awsvpcConfiguration={{subnets=[{string.Join(',', subnets)}],securityGroups=[{string.Join(',', groups)}],assignPublicIp={ip}}}")}");
    }

    private void Compare(string option, string wanted, string found, string flag)
    {
        if (Differs(option, wanted, found))
            flags.Add(flag);
    }

    private bool Differs(string option, string wanted, string found)
    {
        if (wanted == found)
            return false;
        differences.Add($"{option} {wanted} (live: {(found.Length == 0 ? "none" : found)})");
        return true;
    }

    private static List<string> Groups(JsonObject live) => [.. live.Objects("loadBalancers").Select(each => each.Text("targetGroupArn")).OfType<string>()];

    private static string List(IEnumerable<string> values) => string.Join(", ", values.Order(StringComparer.Ordinal));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Word(bool flag) => flag ? "true" : "false";
}

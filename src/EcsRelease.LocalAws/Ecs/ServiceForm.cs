using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>Members of a service as CreateService and UpdateService take and store them.</summary>
internal static class ServiceForm
{
    /// <summary>Members that a deployment has and the service itself does not show.</summary>
    public static readonly string[] DeploymentOnly = ["serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations"];

    private static readonly string[] s_strategies = ["ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"];

    public static JsonObject DeploymentConfiguration(JsonObject? given, JsonObject? existing, bool daemon)
    {
        var configuration = existing?.DeepClone().AsObject() ?? new JsonObject
        {
            ["deploymentCircuitBreaker"] = new JsonObject { ["enable"] = false, ["rollback"] = false },
            ["maximumPercent"] = daemon ? 100 : 200,
            ["minimumHealthyPercent"] = daemon ? 0 : 100,
            ["strategy"] = "ROLLING",
        };
        foreach (var (name, value) in given ?? [])
            configuration[name] = value?.DeepClone();
        var strategy = configuration.Text("strategy");
        if (!s_strategies.Contains(strategy))
            throw EcsErrors.InvalidParameter($"Invalid deployment strategy '{strategy}'."); // constructed
        if (strategy != "ROLLING")
            throw EcsErrors.Unsupported($"The local ECS runs rolling updates only; strategy {strategy} is not supported.");
        if (configuration.Objects("lifecycleHooks").Any(hook => hook.Text("targetType") == "PAUSE"))
            throw EcsErrors.Unsupported("The local ECS does not pause deployments; lifecycle hooks of the targetType PAUSE are not supported.");
        if (configuration.Object("deploymentCircuitBreaker") is { } breaker && (breaker.Flag("enable") is null || breaker.Flag("rollback") is null))
            throw EcsErrors.InvalidParameter("deploymentCircuitBreaker requires enable and rollback."); // constructed
        if (configuration.Number("minimumHealthyPercent") is < 0)
            throw EcsErrors.InvalidParameter("minimumHealthyPercent must not be negative."); // constructed
        if (configuration.Number("maximumPercent") is < 1)
            throw EcsErrors.InvalidParameter("maximumPercent must be greater than 0."); // constructed
        if (configuration.Number("maximumPercent") <= configuration.Number("minimumHealthyPercent") && configuration.Number("maximumPercent") < 100)
            throw EcsErrors.InvalidParameter("maximumPercent must be greater than minimumHealthyPercent."); // constructed
        return configuration;
    }

    public static void CheckController(JsonObject input)
    {
        if (input.Object("deploymentController")?.Text("type") is { } type and not "ECS")
            throw EcsErrors.Unsupported($"The local ECS does not support the deployment controller {type}.");
    }

    public static void CheckLaunch(JsonObject input)
    {
        if (input["launchType"] is not null && input.Objects("capacityProviderStrategy").Count > 0)
            throw EcsErrors.InvalidParameter("Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.");
        if (input.Text("launchType") is not (null or "EC2" or "FARGATE" or "EXTERNAL"))
            throw EcsErrors.InvalidParameter($"Invalid launch type '{input.Text("launchType")}'."); // constructed
    }

    /// <summary>What is launched on Fargate must ask for it or, where it asks for nothing, be able to run there.</summary>
    public static void CheckCompatible(JsonObject input, JsonObject definition)
    {
        if (LaunchType(input) != "FARGATE")
            return;
        var offered = definition.Texts("requiresCompatibilities") is { Count: > 0 } required ? required : definition.Texts("compatibilities");
        if (!offered.Contains("FARGATE"))
            throw EcsErrors.InvalidParameter("Task definition does not support launch_type FARGATE.");
    }

    /// <summary>As given, or FARGATE by a capacity provider of that name; null where nothing is said.</summary>
    public static string? LaunchType(JsonObject settings) => settings.Text("launchType") ?? (CapacityProvider(settings) is null ? null : "FARGATE");

    /// <summary>FARGATE or FARGATE_SPOT; other providers are accepted and treated as EC2.</summary>
    public static string? CapacityProvider(JsonObject settings) => settings.Objects("capacityProviderStrategy")
        .Select(item => item.Text("capacityProvider")).FirstOrDefault(name => name is "FARGATE" or "FARGATE_SPOT");

    public static void CheckNetwork(JsonObject definition, JsonObject? network)
    {
        if (definition.Text("networkMode") != "awsvpc")
        {
            if (network is not null)
                throw EcsErrors.InvalidParameter("Network Configuration is not valid for the given networkMode of this task definition.");
            return;
        }
        var vpc = network?.Object("awsvpcConfiguration") ?? throw EcsErrors.InvalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
        if (vpc.Texts("subnets").Count == 0)
            throw EcsErrors.InvalidParameter("subnets can not be empty.");
        vpc["assignPublicIp"] ??= "DISABLED";
        vpc["securityGroups"] ??= new JsonArray();
    }

    public static void CheckLoadBalancers(JsonObject service, JsonObject definition)
    {
        foreach (var balancer in service.Objects("loadBalancers"))
        {
            var (name, port) = (balancer.Text("containerName"), balancer.Number("containerPort"));
            var container = definition.Objects("containerDefinitions").FirstOrDefault(container => container.Text("name") == name)
                ?? throw EcsErrors.InvalidParameter($"The container {name} does not exist in the task definition.");
            if (!container.Objects("portMappings").Any(mapping => mapping.Number("containerPort") == port))
                throw EcsErrors.InvalidParameter($"The container {name} did not have a container port {port} defined.");
        }
    }

    public static void CheckExecute(JsonObject service, JsonObject definition)
    {
        if (service.Flag("enableExecuteCommand") == true && definition.Text("taskRoleArn") is null)
            throw EcsErrors.InvalidParameter("The service couldn't be updated because a valid taskRoleArn is not being used. Specify a valid task role in your task definition and try again.");
    }

    public static void CheckDesiredCount(int? count)
    {
        if (count is < 0 or > 5000)
            throw EcsErrors.InvalidParameter($"desiredCount must be between 0 and 5000, found {count}."); // constructed
    }
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Deployments;

/// <summary>Creates a service with its first revision. All creation options of <see cref="ReleaseOptions"/> act here and nowhere else.</summary>
public sealed class ServiceCreation(AmazonEcsClient ecs, string cluster, string service, TimeProvider time)
{
    private const int MaxAttempts = 4;

    private static readonly TimeSpan _betweenAttempts = TimeSpan.FromSeconds(1);

    /// <param name="revision">The definition of <paramref name="taskDefinition"/>: network mode, container and first port come from it.</param>
    /// <param name="defaultSubnets">Subnets where EcsSubnets is not set.</param>
    /// <exception cref="EcsReleaseException">ECSR1002, 4014.</exception>
    /// <exception cref="AwsServiceException"/>
    public async Task<StartedRollout> CreateAsync(
        ReleaseOptions options, DesiredRevision revision, string taskDefinition, IReadOnlyList<string> defaultSubnets, CancellationToken cancellationToken)
    {
        var request = Request(options, revision, taskDefinition, defaultSubnets);
        var baseline = new RolloutBaseline(new HashSet<string>(), null);
        var update = new ServiceUpdate(ecs, cluster, service, time);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // The client token makes a second call of the same release answer with the first one's service.
                var answer = await ecs.CreateServiceAsync((JsonObject)request.DeepClone(), cancellationToken);
                return update.Started(answer.Object("service"), taskDefinition, baseline);
            }
            catch (AwsServiceException lost) when (lost.IsAnswerLost && attempt < MaxAttempts)
            {
                await Task.Delay(_betweenAttempts, time, cancellationToken);
                var found = await DescribeOrNullAsync(cancellationToken);
                if (found is not null && !found.IsGone() && found.Primary().Text("taskDefinition") == taskDefinition)
                    return update.Started(found, taskDefinition, baseline);
            }
        }
    }

    /// <summary>Another release created a service of this name at the same time (ecs-api.md, refusals of CreateService).</summary>
    public static bool IsRaceLost(AwsServiceException error) =>
        error.Message.Contains("Creation of service was not idempotent", StringComparison.Ordinal);

    /// <exception cref="EcsReleaseException">ECSR1002, 4014.</exception>
    internal JsonObject Request(ReleaseOptions options, DesiredRevision revision, string taskDefinition, IReadOnlyList<string> defaultSubnets)
    {
        var request = new JsonObject
        {
            ["cluster"] = cluster,
            ["serviceName"] = service,
            ["taskDefinition"] = taskDefinition,
            ["desiredCount"] = options.DesiredCount,
            ["deploymentConfiguration"] = DeploymentConfiguration(options),
        };
        if (options.CapacityProviders.Count > 0)
            request["capacityProviderStrategy"] = new JsonArray([.. options.CapacityProviders.Select(CapacityProvider)]);
        else
            request["launchType"] = options.LaunchType ?? "FARGATE";
        if (revision.Definition.Text("networkMode") == "awsvpc")
            request["networkConfiguration"] = Network(options, defaultSubnets);
        if (options.TargetGroup is { } targetGroup)
            request["loadBalancers"] = new JsonArray(LoadBalancer(targetGroup, revision));
        if (options.HealthCheckGracePeriod is { } grace)
            request["healthCheckGracePeriodSeconds"] = (int)grace.TotalSeconds;
        request["clientToken"] = ClientToken(request);
        return request;
    }

    internal static JsonObject DeploymentConfiguration(ReleaseOptions options)
    {
        var configuration = new JsonObject
        {
            ["deploymentCircuitBreaker"] = new JsonObject
            {
                ["enable"] = options.CircuitBreaker != CircuitBreakerPolicy.Off,
                ["rollback"] = options.CircuitBreaker is CircuitBreakerPolicy.Keep or CircuitBreakerPolicy.Rollback,
            },
        };
        if (options.MinimumHealthyPercent is { } minimum)
            configuration["minimumHealthyPercent"] = minimum;
        if (options.MaximumPercent is { } maximum)
            configuration["maximumPercent"] = maximum;
        return configuration;
    }

    private JsonObject Network(ReleaseOptions options, IReadOnlyList<string> defaultSubnets)
    {
        var subnets = options.Subnets.Count > 0 ? options.Subnets : defaultSubnets;
        if (subnets.Count == 0)
            throw Errors.CreateServiceLacks("EcsSubnets", service);
        var network = new JsonObject
        {
            ["subnets"] = subnets.ToJsonArray(),
            ["assignPublicIp"] = options.AssignPublicIp ? "ENABLED" : "DISABLED",
        };
        if (options.SecurityGroups.Count > 0)
            network["securityGroups"] = options.SecurityGroups.ToJsonArray();
        return new JsonObject { ["awsvpcConfiguration"] = network };
    }

    private static JsonObject LoadBalancer(string targetGroup, DesiredRevision revision)
    {
        var container = revision.Definition.Objects("containerDefinitions").Single(each => each.Text("name") == revision.Container);
        var port = container.Objects("portMappings").Select(mapping => mapping.Integer("containerPort")).FirstOrDefault(number => number is not null)
            ?? throw Errors.BadValue("EcsTargetGroup", targetGroup, $"a port of container '{revision.Container}' to register there; declare one: <EcsPort Include=\"8080\" />");
        return new JsonObject { ["targetGroupArn"] = targetGroup, ["containerName"] = revision.Container, ["containerPort"] = port };
    }

    private static JsonObject CapacityProvider(string text)
    {
        var parts = text.Split('=', 2);
        var strategy = new JsonObject { ["capacityProvider"] = parts[0] };
        if (parts.Length == 1)
            return strategy;
        // The API's range of CapacityProviderStrategyItem.weight.
        if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var weight) || weight > 1000)
            throw Errors.BadValue("EcsCapacityProviders", text, "NAME or NAME=WEIGHT with a weight from 0 to 1000");
        strategy["weight"] = weight;
        return strategy;
    }

    // At most 36 characters; the same for the same request, so that a run that was killed and run again creates one
    // service. ECS refuses a token that comes back with another request.
    private static string ClientToken(JsonObject request) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request.ToJsonString())))[..32];

    private async Task<JsonObject?> DescribeOrNullAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await ecs.DescribeServiceAsync(cluster, service, cancellationToken);
        }
        catch (AwsServiceException lost) when (lost.IsAnswerLost)
        {
            return null;
        }
    }
}

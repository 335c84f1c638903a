using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>UpdateService: members that are absent keep their value, an empty list removes.</summary>
internal sealed class ServiceUpdate(EcsStore store, ClusterOperations clusters, ServiceOperations services, TaskDefinitionOperations definitions, Rollouts rollouts, IServiceScheduler scheduler) : IEcsOperations
{
    /// <summary>A change of one of these begins a deployment.</summary>
    private static readonly string[] s_deploying = ["networkConfiguration", "platformVersion", "loadBalancers", "serviceRegistries"];

    private static readonly string[] s_quiet =
    [
        "capacityProviderStrategy", "placementConstraints", "placementStrategy", "healthCheckGracePeriodSeconds", "enableExecuteCommand",
        "enableECSManagedTags", "propagateTags", "availabilityZoneRebalancing",
    ];

    public IReadOnlyDictionary<string, EcsOperation> Operations => new Dictionary<string, EcsOperation> { ["UpdateService"] = Update };

    private JsonObject Update(JsonObject input, AwsCaller caller)
    {
        var service = services.Find(clusters.Active(input.Text("cluster")), input.Text("service"));
        if (service.Status != "ACTIVE")
            throw EcsErrors.ServiceNotActive();
        ServiceForm.CheckController(input);
        ServiceForm.CheckLaunch(input);
        var definition = input.Text("taskDefinition") is { Length: > 0 } reference
            ? services.Definition(reference)
            : definitions.Find(service.Primary.Text("taskDefinition")!) ?? throw EcsErrors.TaskDefinitionNotFound();
        var deploys = input.Flag("forceNewDeployment") == true || definition.Shape.Text("taskDefinitionArn") != service.Shape.Text("taskDefinition");

        if (input.Number("desiredCount") is { } desired && service.Shape.Text("schedulingStrategy") != "DAEMON")
        {
            ServiceForm.CheckDesiredCount(desired);
            service.Shape["desiredCount"] = desired;
        }
        if (input.Object("deploymentConfiguration") is { } configuration)
            service.Shape["deploymentConfiguration"] = ServiceForm.DeploymentConfiguration(configuration, service.Configuration, daemon: false);
        if (input.Object("networkConfiguration") is { } network)
            ServiceForm.CheckNetwork(definition.Shape, network);
        foreach (var member in s_quiet)
            Set(service.Shape, input, member);
        foreach (var member in s_deploying)
            deploys |= Set(service.Shape, input, member);
        foreach (var member in ServiceForm.DeploymentOnly)
            deploys |= Set(service.Document.Own, input, member);
        ServiceForm.CheckNetwork(definition.Shape, service.Shape.Object("networkConfiguration"));
        ServiceForm.CheckCompatible(service.Shape, definition.Shape);
        ServiceForm.CheckLoadBalancers(service.Shape, definition.Shape);
        ServiceForm.CheckExecute(service.Shape, definition.Shape);

        if (deploys)
            rollouts.Begin(service, definition);
        else
            service.Primary["desiredCount"] = service.Desired;
        store.Save(service.Document);
        scheduler.Wake(service.Key);
        return new JsonObject { ["service"] = service.Document.Answer() };
    }

    /// <summary>True when the value became another one.</summary>
    private static bool Set(JsonObject target, JsonObject input, string member)
    {
        if (input[member] is not { } value || JsonNode.DeepEquals(target[member], value))
            return false;
        target[member] = value.DeepClone();
        return true;
    }
}

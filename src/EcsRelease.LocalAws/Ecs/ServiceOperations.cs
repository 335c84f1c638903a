using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

internal sealed class ServiceOperations(
    EcsStore store, ClusterOperations clusters, TaskDefinitionOperations definitions, Rollouts rollouts, IServiceScheduler scheduler, TimeProvider time) : IEcsOperations
{
    private static readonly string[] s_lists = ["loadBalancers", "serviceRegistries", "placementConstraints", "placementStrategy"];
    private static readonly HashSet<string> s_notShown = ["cluster", "clientToken", "tags", "role", .. ServiceForm.DeploymentOnly];

    public IReadOnlyDictionary<string, EcsOperation> Operations => new Dictionary<string, EcsOperation>
    {
        ["CreateService"] = Create,
        ["DeleteService"] = Delete,
        ["DescribeServices"] = Describe,
        ["ListServices"] = List,
    };

    /// <summary>A service by name or ARN, whatever its status.</summary>
    public ServiceView Find(EcsDocument cluster, string? nameOrArn)
    {
        if (string.IsNullOrEmpty(nameOrArn))
            throw EcsErrors.InvalidParameter("Service can not be blank."); // constructed
        return store.Find(EcsStore.Services, $"{cluster.Key}/{EcsNames.LastPart(nameOrArn)}") is { } document
            ? new ServiceView(document)
            : throw EcsErrors.ServiceNotFound();
    }

    private JsonObject Create(JsonObject input, AwsCaller caller)
    {
        var cluster = clusters.Active(input.Text("cluster"));
        var name = input.Text("serviceName") ?? "";
        if (!EcsNames.IsName(name))
            throw EcsErrors.InvalidParameter("Service name contains invalid characters."); // constructed
        var token = input.Text("clientToken");
        if (token?.Length > 36)
            throw EcsErrors.InvalidParameter("idempotency token longer than 36.");
        if (store.Find(EcsStore.Services, $"{cluster.Key}/{name}") is { } existing && existing.Shape.Text("status") != "INACTIVE")
        {
            if (existing.Shape.Text("status") == "DRAINING")
                throw EcsErrors.InvalidParameter("Unable to Start a service that is still Draining.");
            return token is not null && existing.Own.Text("clientToken") == token
                ? new JsonObject { ["service"] = existing.Answer(withTags: existing.Tags.Count > 0) }
                : throw EcsErrors.InvalidParameter("Creation of service was not idempotent.");
        }
        ServiceForm.CheckController(input);
        ServiceForm.CheckLaunch(input);
        var definition = Definition(input.Text("taskDefinition") ?? throw EcsErrors.InvalidParameter("TaskDefinition can not be blank."));
        var daemon = input.Text("schedulingStrategy") == "DAEMON";
        var desired = daemon ? 1 : input.Number("desiredCount") ?? throw EcsErrors.InvalidParameter("DesiredCount is missing");
        ServiceForm.CheckDesiredCount(desired);
        ServiceForm.CheckCompatible(input, definition.Shape);
        var shape = NewShape(input, caller, cluster, name, desired, daemon);
        ServiceForm.CheckNetwork(definition.Shape, shape.Object("networkConfiguration"));
        ServiceForm.CheckLoadBalancers(shape, definition.Shape);
        ServiceForm.CheckExecute(shape, definition.Shape);

        var document = new EcsDocument(EcsStore.Services, $"{cluster.Key}/{name}", shape) { Tags = Tags.Of(input) };
        document.Own["clientToken"] = token;
        foreach (var member in ServiceForm.DeploymentOnly.Where(member => input[member] is not null))
            document.Own[member] = input[member]!.DeepClone();
        rollouts.Begin(new ServiceView(document), definition);
        store.Save(document);
        scheduler.Wake(document.Key);
        return new JsonObject { ["service"] = document.Answer(withTags: document.Tags.Count > 0) };
    }

    public EcsDocument Definition(string reference)
    {
        var definition = definitions.Find(reference) ?? throw EcsErrors.TaskDefinitionNotFound();
        return definition.Shape.Text("status") == "ACTIVE" ? definition : throw EcsErrors.Client("TaskDefinition is inactive");
    }

    private JsonObject NewShape(JsonObject input, AwsCaller caller, EcsDocument cluster, string name, int desired, bool daemon)
    {
        var shape = new JsonObject();
        foreach (var (member, value) in input.Where(member => member.Value is not null && !s_notShown.Contains(member.Key)))
            shape[member] = value!.DeepClone();
        foreach (var list in s_lists)
            shape[list] ??= new JsonArray();
        var configuration = ServiceForm.DeploymentConfiguration(input.Object("deploymentConfiguration"), null, daemon);
        shape["serviceArn"] = caller.Arn($"service/{cluster.Key}/{name}");
        shape["clusterArn"] = cluster.Shape.Text("clusterArn");
        shape["status"] = "ACTIVE";
        shape["desiredCount"] = desired;
        shape["runningCount"] = 0;
        shape["pendingCount"] = 0;
        if (input["capacityProviderStrategy"] is null)
            shape["launchType"] ??= "EC2";
        if (shape.Text("launchType") == "FARGATE")
        {
            shape["platformVersion"] ??= "LATEST";
            shape["platformFamily"] = "Linux";
        }
        shape["deploymentConfiguration"] = configuration;
        shape["deploymentController"] ??= new JsonObject { ["type"] = "ECS" };
        shape["deployments"] = new JsonArray();
        shape["events"] = new JsonArray();
        shape["roleArn"] = $"arn:aws:iam::{caller.Account}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS";
        shape["createdAt"] = time.GetUtcNow().Stamp();
        shape["createdBy"] = caller.Arn;
        shape["schedulingStrategy"] ??= "REPLICA";
        shape["enableECSManagedTags"] ??= false;
        shape["enableExecuteCommand"] ??= false;
        shape["propagateTags"] ??= "NONE";
        shape["availabilityZoneRebalancing"] ??= configuration.Number("maximumPercent") <= 100 ? "DISABLED" : "ENABLED";
        return shape;
    }

    private JsonObject Delete(JsonObject input, AwsCaller caller)
    {
        var service = Find(clusters.Active(input.Text("cluster")), input.Text("service"));
        if (service.Status == "INACTIVE")
            throw EcsErrors.ServiceNotActive();
        if (service.Status == "ACTIVE")
        {
            if (service.Desired > 0 && input.Flag("force") != true && service.Shape.Text("schedulingStrategy") != "DAEMON")
                throw EcsErrors.InvalidParameter("The service cannot be stopped while it is scaled above 0.");
            service.Shape["status"] = "DRAINING";
            service.Shape["desiredCount"] = 0;
            store.Save(service.Document);
            scheduler.Wake(service.Key);
        }
        return new JsonObject { ["service"] = service.Document.Answer() };
    }

    private JsonObject Describe(JsonObject input, AwsCaller caller)
    {
        var asked = input.Texts("services");
        if (asked.Count == 0)
            throw EcsErrors.InvalidParameter("Services cannot be empty");
        if (asked.Count > 10)
            throw EcsErrors.InvalidParameter("Services cannot have more than 10 elements."); // constructed
        var cluster = clusters.Active(input.Text("cluster"));
        var withTags = input.Texts("include").Contains("TAGS");
        return EcsAnswers.Described(
            "services",
            asked.Select(id => $"{cluster.Key}/{EcsNames.LastPart(id)}"),
            key => store.Find(EcsStore.Services, key)?.Answer(withTags),
            key => caller.Arn($"service/{key}"));
    }

    private JsonObject List(JsonObject input, AwsCaller caller)
    {
        var cluster = clusters.Active(input.Text("cluster"));
        var services = store.List(EcsStore.Services, cluster.Key + "/").Where(service => service.Shape.Text("status") == "ACTIVE"
            && (input.Text("launchType") is not { } launchType || service.Shape.Text("launchType") == launchType)
            && (input.Text("schedulingStrategy") is not { } strategy || service.Shape.Text("schedulingStrategy") == strategy));
        return EcsAnswers.ListedArns("serviceArns", services, "serviceArn", input, defaultSize: 10);
    }
}

using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

internal sealed class ServiceDeploymentOperations(
    EcsStore store, ClusterOperations clusters, ServiceOperations services, IServiceScheduler scheduler, FaultSwitches faults, TimeProvider time) : IEcsOperations
{
    private static readonly string[] s_brief = ["serviceDeploymentArn", "serviceArn", "clusterArn", "createdAt", "startedAt", "finishedAt", "status", "statusReason"];

    public IReadOnlyDictionary<string, EcsOperation> Operations => new Dictionary<string, EcsOperation>
    {
        ["ListServiceDeployments"] = List,
        ["DescribeServiceDeployments"] = Describe,
        ["DescribeServiceRevisions"] = DescribeRevisions,
        ["StopServiceDeployment"] = Stop,
        ["ContinueServiceDeployment"] = Continue,
    };

    /// <summary>Newest first.</summary>
    private JsonObject List(JsonObject input, AwsCaller caller)
    {
        var service = services.Find(clusters.Active(input.Text("cluster")), input.Text("service"));
        var status = input.Texts("status");
        var (after, before) = (input.Object("createdAt")?.Real("after"), input.Object("createdAt")?.Real("before"));
        var found = store.List(EcsStore.ServiceDeployments, service.Key + "/")
            .Where(deployment => Seen(deployment, "ListServiceDeployments"))
            .Where(deployment => status.Count == 0 || status.Contains(deployment.Shape.Text("status")!))
            .Where(deployment => after is null || deployment.Shape.Real("createdAt") > after)
            .Where(deployment => before is null || deployment.Shape.Real("createdAt") < before);
        return EcsAnswers.Listed("serviceDeployments", found, deployment => deployment.Key, deployment => Brief(deployment.Shape), input, defaultSize: 20, descending: true);
    }

    private JsonObject Describe(JsonObject input, AwsCaller caller)
    {
        var asked = Asked(input, "serviceDeploymentArns");
        return EcsAnswers.Described("serviceDeployments", asked, arn => Find(arn)?.Answer(), arn => arn);
    }

    private JsonObject DescribeRevisions(JsonObject input, AwsCaller caller)
    {
        var asked = Asked(input, "serviceRevisionArns");
        return EcsAnswers.Described("serviceRevisions", asked, Find, arn => arn);

        JsonObject? Find(string arn) => EcsNames.ResourceParts(arn, "service-revision") is { Length: 3 } parts
            && store.Find(EcsStore.ServiceRevisions, string.Join('/', parts)) is { } revision && Seen(revision, "DescribeServiceRevisions")
            ? revision.Answer()
            : null;
    }

    private JsonObject Stop(JsonObject input, AwsCaller caller)
    {
        if (input.Text("stopType") is { } type and not "ROLLBACK")
            throw EcsErrors.InvalidParameter($"Invalid stopType '{type}'. The supported value is ROLLBACK."); // constructed
        var arn = input.Text("serviceDeploymentArn") ?? "";
        var deployment = Find(arn) ?? throw EcsErrors.ServiceDeploymentNotFound();
        if (!Rollouts.InProgress(deployment.Shape))
            throw EcsErrors.Conflict($"The service deployment has already ended with status {deployment.Shape.Text("status")}."); // constructed
        if (deployment.Shape.Text("status")!.StartsWith("ROLLBACK", StringComparison.Ordinal))
            return new JsonObject { ["serviceDeploymentArn"] = arn };
        deployment.Shape["status"] = "ROLLBACK_REQUESTED";
        deployment.Shape["updatedAt"] = time.GetUtcNow().Stamp();
        store.Save(deployment);
        scheduler.Wake(deployment.Key[..deployment.Key.LastIndexOf('/')]);
        return new JsonObject { ["serviceDeploymentArn"] = arn };
    }

    /// <summary>Deployments never wait here: hooks that pause are refused when a service is made or changed.</summary>
    private JsonObject Continue(JsonObject input, AwsCaller caller)
    {
        if (input.Text("action") is { } action and not ("CONTINUE" or "ROLLBACK"))
            throw EcsErrors.InvalidParameter($"Invalid action '{action}'. The supported values are CONTINUE and ROLLBACK."); // constructed
        if (string.IsNullOrEmpty(input.Text("hookId")))
            throw EcsErrors.InvalidParameter("hookId can not be blank."); // constructed
        _ = Find(input.Text("serviceDeploymentArn") ?? "") ?? throw EcsErrors.ServiceDeploymentNotFound();
        throw EcsErrors.InvalidParameter($"No lifecycle hook '{input.Text("hookId")}' of this service deployment is awaiting an action."); // constructed
    }

    /// <summary>Eventual consistency, when it is rehearsed.</summary>
    private bool Seen(EcsDocument document, string operation) => document.Shape.Moment("createdAt") + faults.LagOf(operation) <= time.GetUtcNow();

    private EcsDocument? Find(string arn) => EcsNames.ResourceParts(arn, "service-deployment") is [var cluster, var service, _]
        ? store.List(EcsStore.ServiceDeployments, $"{cluster}/{service}/").FirstOrDefault(deployment => deployment.Shape.Text("serviceDeploymentArn") == arn)
        : null;

    private static IReadOnlyList<string> Asked(JsonObject input, string member)
    {
        var asked = input.Texts(member);
        return asked.Count is >= 1 and <= 20 ? asked : throw EcsErrors.InvalidParameter($"{member} must have between 1 and 20 elements, found {asked.Count}."); // constructed
    }

    private static JsonObject Brief(JsonObject deployment)
    {
        var brief = new JsonObject { ["targetServiceRevisionArn"] = deployment.Object("targetServiceRevision")!.Text("arn") };
        foreach (var member in s_brief.Where(member => deployment[member] is not null))
            brief[member] = deployment[member]!.DeepClone();
        return brief;
    }
}

using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;
using EcsRelease.LocalAws.Images;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>Beginnings and ends of deployments: the `deployments` of a service, its service deployments and service revisions.</summary>
internal sealed class Rollouts(EcsStore store, IImageStore images, TimeProvider time)
{
    public const string RolledBack = "Service deployment rolled back because the circuit breaker threshold was exceeded.";
    public const string StoppedByRequest = "Service deployment rolled back because of a StopServiceDeployment request."; // constructed
    private const string NoCandidate = "No rollback candidate was found to run the rollback.";

    private static readonly string[] s_copied = ["launchType", "capacityProviderStrategy", "platformVersion", "platformFamily", "networkConfiguration"];
    private static readonly string[] s_revisionOnly = ["loadBalancers", "serviceRegistries"];
    private static readonly string[] s_unshown = ["serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations"];

    /// <summary>Starts a deployment of the service as it is described now; one that is still running is superseded.</summary>
    public void Begin(ServiceView service, EcsDocument definition)
    {
        var now = time.GetUtcNow();
        if (Current(service) is { } running && InProgress(running.Shape))
            End(running, "STOPPED", now, stopped: true);
        foreach (var old in service.Deployments)
            old["status"] = "ACTIVE";
        var deployment = new JsonObject
        {
            ["id"] = EcsNames.DeploymentId(),
            ["status"] = "PRIMARY",
            ["taskDefinition"] = definition.Shape.Text("taskDefinitionArn"),
            ["desiredCount"] = service.Desired,
            ["pendingCount"] = 0,
            ["runningCount"] = 0,
            ["failedTasks"] = 0,
            ["createdAt"] = now.Stamp(),
            ["updatedAt"] = now.Stamp(),
        };
        Copy(service.Shape, deployment, s_copied);
        Copy(service.Document.Own, deployment, s_unshown);
        SetState(deployment, "IN_PROGRESS", $"ECS deployment {deployment.Text("id")} in progress.", now);
        var sources = service.Deployments.Select(old => (JsonNode)Summary(service.Rollout(old.Text("id")!).Revision, old)).ToJsonArray();
        service.Shape.Array("deployments")!.Insert(0, deployment);
        service.Shape["taskDefinition"] = definition.Shape.Text("taskDefinitionArn");
        service.Steady = false;

        var rollout = service.Rollout(deployment.Text("id")!);
        rollout.Revision = AddRevision(service, definition, rollout, now);
        var arn = EcsNames.Beside(service.Shape.Text("serviceArn")!, $"service-deployment/{service.Key}/{EcsNames.ServiceDeploymentId()}");
        rollout.ServiceDeployment = $"{service.Key}/{EcsNames.Sortable(store.Next("service-deployment/" + service.Key))}";
        store.Save(new EcsDocument(EcsStore.ServiceDeployments, rollout.ServiceDeployment, new JsonObject
        {
            ["serviceDeploymentArn"] = arn,
            ["serviceArn"] = service.Shape.Text("serviceArn"),
            ["clusterArn"] = service.Shape.Text("clusterArn"),
            ["createdAt"] = now.Stamp(),
            ["updatedAt"] = now.Stamp(),
            ["sourceServiceRevisions"] = sources,
            ["targetServiceRevision"] = Summary(rollout.Revision, deployment),
            ["status"] = "PENDING",
            ["deploymentConfiguration"] = service.Configuration.DeepClone(),
            ["deploymentCircuitBreaker"] = new JsonObject { ["status"] = service.Breaker.Flag("enable") == true ? "MONITORING" : "DISABLED", ["failureCount"] = 0, ["threshold"] = CircuitBreaker.Threshold(service) },
            ["alarms"] = new JsonObject { ["status"] = "DISABLED", ["alarmNames"] = new JsonArray(), ["triggeredAlarmNames"] = new JsonArray() },
        }));
        service.Shape["currentServiceDeployment"] = arn;
    }

    /// <summary>The service deployment of the service's PRIMARY or of its rollback.</summary>
    public EcsDocument? Current(ServiceView service) =>
        service.Deployments.Count > 0 ? store.Find(EcsStore.ServiceDeployments, service.Rollout(service.Primary.Text("id")!).ServiceDeployment) : null;

    public static bool InProgress(JsonObject serviceDeployment) =>
        serviceDeployment.Text("status") is "PENDING" or "IN_PROGRESS" or "STOP_REQUESTED" or "ROLLBACK_REQUESTED" or "ROLLBACK_IN_PROGRESS";

    /// <summary>All tasks of the PRIMARY are healthy and no other is left.</summary>
    public void Complete(ServiceView service)
    {
        var now = time.GetUtcNow();
        var primary = service.Primary;
        var id = primary.Text("id")!;
        SetState(primary, "COMPLETED", $"ECS deployment {id} completed.", now);
        if (Current(service) is { } current && InProgress(current.Shape))
        {
            if (current.Shape.Object("deploymentCircuitBreaker") is { } breaker && breaker.Text("status") == "MONITORING")
                breaker["status"] = "MONITORING_COMPLETE";
            End(current, current.Shape.Text("status")!.StartsWith("ROLLBACK", StringComparison.Ordinal) ? "ROLLBACK_SUCCESSFUL" : "SUCCESSFUL", now);
        }
        foreach (var old in service.Deployments.Skip(1).ToList())
            service.Forget(old);
        service.Completed = new JsonObject { ["deployment"] = primary.DeepClone(), ["rollout"] = service.Rollout(id).Document.DeepClone() };
        service.AddEvent($"(deployment {id}) deployment completed.", now);
        service.AddEvent("has reached a steady state.", now);
        service.Steady = true;
    }

    /// <summary>The circuit breaker has tripped.</summary>
    public void Fail(ServiceView service)
    {
        var now = time.GetUtcNow();
        var bad = service.Primary;
        var current = Current(service)!;
        if (current.Shape.Object("deploymentCircuitBreaker") is { } breaker)
            (breaker["status"], breaker["failureCount"]) = ("TRIGGERED", service.Rollout(bad.Text("id")!).Failures);
        store.Save(current);
        service.AddEvent($"(deployment {bad.Text("id")}) deployment failed: tasks failed to start.", now);
        SetState(bad, "FAILED", "ECS deployment circuit breaker: tasks failed to start.", now);
        if (service.Breaker.Flag("rollback") == true)
        {
            RollBack(service, RolledBack, "ECS deployment circuit breaker: rolling back to deploymentId");
            return;
        }
        service.Rollout(bad.Text("id")!).Halted = true;
        End(current, "STOPPED", now, stopped: true);
    }

    /// <summary>Makes the last COMPLETED deployment PRIMARY again, as a part of the same service deployment.</summary>
    public void RollBack(ServiceView service, string reason, string stateReason)
    {
        var now = time.GetUtcNow();
        var bad = service.Primary;
        var badRollout = service.Rollout(bad.Text("id")!);
        var current = Current(service)!;
        SetState(bad, "FAILED", bad.Text("rolloutState") == "FAILED" ? bad.Text("rolloutStateReason")! : $"ECS deployment {bad.Text("id")} was stopped.", now); // constructed
        if (service.Completed is not { } completed || completed.Object("deployment")!.Text("id") == bad.Text("id"))
        {
            badRollout.Halted = true;
            current.Shape["statusReason"] = NoCandidate;
            End(current, "ROLLBACK_FAILED", now);
            return;
        }
        var target = completed.Object("deployment")!.DeepClone().AsObject();
        var id = target.Text("id")!;
        foreach (var entry in service.Deployments.Where(entry => entry.Text("id") == id).ToList())
            service.Shape.Array("deployments")!.Remove(entry);
        bad["status"] = "ACTIVE";
        target["status"] = "PRIMARY";
        target["desiredCount"] = service.Desired;
        SetState(target, "IN_PROGRESS", $"{stateReason} {id}.", now);
        service.Shape.Array("deployments")!.Insert(0, target);
        service.Shape["taskDefinition"] = target.Text("taskDefinition");
        Copy(target, service.Shape, s_copied);
        service.Document.Own.Object("rollouts")![id] = completed.Object("rollout")!.DeepClone();
        var rollout = service.Rollout(id);
        rollout.ServiceDeployment = badRollout.ServiceDeployment;
        rollout.Failures = 0;
        service.AddEvent($"rolling back to deployment {id}.", now);
        current.Shape["status"] = "ROLLBACK_IN_PROGRESS";
        current.Shape["statusReason"] = reason;
        current.Shape["updatedAt"] = now.Stamp();
        current.Shape["rollback"] = new JsonObject { ["reason"] = reason, ["startedAt"] = now.Stamp(), ["serviceRevisionArn"] = rollout.Revision };
        store.Save(current);
    }

    /// <summary>A deleted service stays describable as INACTIVE; its service deployments and revisions go.</summary>
    public void Remove(ServiceView service)
    {
        service.Shape["status"] = "INACTIVE";
        service.Shape["deployments"] = new JsonArray();
        service.Shape["currentServiceRevisions"] = new JsonArray();
        service.Shape.Remove("currentServiceDeployment");
        foreach (var document in store.List(EcsStore.ServiceDeployments, service.Key + "/").Concat(store.List(EcsStore.ServiceRevisions, service.Key + "/")))
            store.Delete(document);
    }

    public static JsonObject Summary(string revision, JsonObject deployment) => new()
    {
        ["arn"] = revision,
        ["requestedTaskCount"] = deployment.Number("desiredCount"),
        ["runningTaskCount"] = deployment.Number("runningCount"),
        ["pendingTaskCount"] = deployment.Number("pendingCount"),
    };

    private void End(EcsDocument serviceDeployment, string status, DateTimeOffset now, bool stopped = false)
    {
        serviceDeployment.Shape["status"] = status;
        serviceDeployment.Shape["updatedAt"] = now.Stamp();
        serviceDeployment.Shape["finishedAt"] = now.Stamp();
        if (stopped)
            serviceDeployment.Shape["stoppedAt"] = now.Stamp();
        store.Save(serviceDeployment);
    }

    private string AddRevision(ServiceView service, EcsDocument definition, Rollout rollout, DateTimeOffset now)
    {
        var arn = EcsNames.Beside(service.Shape.Text("serviceArn")!, $"service-revision/{service.Key}/{EcsNames.ServiceRevisionId()}");
        var shape = new JsonObject
        {
            ["serviceRevisionArn"] = arn,
            ["serviceArn"] = service.Shape.Text("serviceArn"),
            ["clusterArn"] = service.Shape.Text("clusterArn"),
            ["taskDefinition"] = definition.Shape.Text("taskDefinitionArn"),
            ["containerImages"] = definition.Shape.Objects("containerDefinitions").Select(container => (JsonNode)ContainerImage(container, rollout)).ToJsonArray(),
            ["guardDutyEnabled"] = false,
            ["createdAt"] = now.Stamp(),
        };
        Copy(service.Shape, shape, s_copied);
        Copy(service.Shape, shape, s_revisionOnly);
        Copy(service.Document.Own, shape, s_unshown);
        store.Save(new EcsDocument(EcsStore.ServiceRevisions, $"{service.Key}/{EcsNames.LastPart(arn)}", shape));
        return arn;
    }

    /// <summary>ECS resolves a tag once per deployment. An image that is not there leaves the digest open; its tasks then fail to pull.</summary>
    private JsonObject ContainerImage(JsonObject container, Rollout rollout)
    {
        var (name, image) = (container.Text("name")!, container.Text("image")!);
        var entry = new JsonObject { ["containerName"] = name, ["image"] = image };
        try
        {
            var digest = images.DigestOf(image);
            entry["imageDigest"] = digest;
            if (container.Text("versionConsistency") != "disabled")
                rollout.Digests[name] = digest;
        }
        catch (ImageNotFoundException)
        {
            entry.Remove("imageDigest");
        }
        return entry;
    }

    private static void SetState(JsonObject deployment, string state, string reason, DateTimeOffset now)
    {
        deployment["rolloutState"] = state;
        deployment["rolloutStateReason"] = reason;
        deployment["updatedAt"] = now.Stamp();
    }

    private static void Copy(JsonObject from, JsonObject to, string[] members)
    {
        foreach (var member in members)
        {
            if (from[member] is { } value)
                to[member] = value.DeepClone();
            else
                to.Remove(member);
        }
    }
}

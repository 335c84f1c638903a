using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>The counts that a service, its deployments, its revisions and its service deployment show.</summary>
internal static class ServiceCounts
{
    public static void Update(ServiceView service, IReadOnlyList<TaskView> tasks)
    {
        foreach (var deployment in service.Deployments)
        {
            var id = deployment.Text("id")!;
            var own = tasks.Where(task => task.Deployment == id).ToList();
            deployment["runningCount"] = own.Count(task => task.Running);
            deployment["pendingCount"] = own.Count(task => task.Live && !task.Running);
            deployment["desiredCount"] = deployment == service.Primary && !service.Rollout(id).Halted ? service.Desired : own.Count(task => task.Live && task.Wanted);
            deployment["failedTasks"] = service.Rollout(id).Failures;
        }
        service.Shape["runningCount"] = tasks.Count(task => task.Running);
        service.Shape["pendingCount"] = tasks.Count(task => task.Live && !task.Running);
        service.Shape["currentServiceRevisions"] = service.Deployments
            .Select(deployment => (JsonNode)Rollouts.Summary(service.Rollout(deployment.Text("id")!).Revision, deployment)).ToJsonArray();
    }

    public static void Update(ServiceView service, EcsDocument serviceDeployment, EcsStore store)
    {
        var target = serviceDeployment.Shape.Object("targetServiceRevision")!.Text("arn");
        if (service.Deployments.FirstOrDefault(deployment => service.Rollout(deployment.Text("id")!).Revision == target) is not { } deployment)
            return;
        serviceDeployment.Shape["targetServiceRevision"] = Rollouts.Summary(target!, deployment);
        // A breaker that has tripped keeps the count that tripped it, whatever the failed deployment's tasks do afterwards.
        if (serviceDeployment.Shape.Object("deploymentCircuitBreaker") is { } breaker && breaker.Text("status") != "TRIGGERED")
            breaker["failureCount"] = service.Rollout(deployment.Text("id")!).Failures;
        store.Save(serviceDeployment);
    }
}

using System.Text.Json.Nodes;

namespace EcsRelease.Aws;

/// <summary>Amazon ECS, JSON in and out (API reference: docs.aws.amazon.com/AmazonECS/latest/APIReference).
/// Typed clients drop members that are newer than they are; this one keeps them.</summary>
public sealed class AmazonEcsClient(IJsonService service)
{
    /// <summary>The same client with something between it and ECS.</summary>
    internal AmazonEcsClient Through(Func<IJsonService, IJsonService> layer) => new(layer(service));

    public Task<JsonObject> ContinueServiceDeploymentAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("ContinueServiceDeployment", request, cancellationToken);

    public Task<JsonObject> CreateServiceAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("CreateService", request, cancellationToken);

    public Task<JsonObject> DeleteTaskDefinitionsAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("DeleteTaskDefinitions", request, cancellationToken);

    public Task<JsonObject> DeregisterTaskDefinitionAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("DeregisterTaskDefinition", request, cancellationToken);

    public Task<JsonObject> DescribeClustersAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("DescribeClusters", request, cancellationToken);

    public Task<JsonObject> DescribeServiceDeploymentsAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("DescribeServiceDeployments", request, cancellationToken);

    public Task<JsonObject> DescribeServiceRevisionsAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("DescribeServiceRevisions", request, cancellationToken);

    public Task<JsonObject> DescribeServicesAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("DescribeServices", request, cancellationToken);

    public Task<JsonObject> DescribeTaskDefinitionAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("DescribeTaskDefinition", request, cancellationToken);

    public Task<JsonObject> DescribeTasksAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("DescribeTasks", request, cancellationToken);

    public Task<JsonObject> ListClustersAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("ListClusters", request, cancellationToken);

    public Task<JsonObject> ListServiceDeploymentsAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("ListServiceDeployments", request, cancellationToken);

    public Task<JsonObject> ListServicesAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("ListServices", request, cancellationToken);

    public Task<JsonObject> ListTaskDefinitionFamiliesAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("ListTaskDefinitionFamilies", request, cancellationToken);

    public Task<JsonObject> ListTaskDefinitionsAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("ListTaskDefinitions", request, cancellationToken);

    public Task<JsonObject> ListTasksAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("ListTasks", request, cancellationToken);

    public Task<JsonObject> RegisterTaskDefinitionAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("RegisterTaskDefinition", request, cancellationToken);

    public Task<JsonObject> StopServiceDeploymentAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("StopServiceDeployment", request, cancellationToken);

    public Task<JsonObject> RunTaskAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("RunTask", request, cancellationToken);

    public Task<JsonObject> StopTaskAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("StopTask", request, cancellationToken);

    public Task<JsonObject> UpdateServiceAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("UpdateService", request, cancellationToken);
}

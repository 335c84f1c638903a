using System.Text.Json.Nodes;

namespace EcsRelease.Aws;

/// <summary>Amazon ECR, JSON in and out (docs.aws.amazon.com/AmazonECR/latest/APIReference).</summary>
public sealed class AmazonEcrClient(IJsonService service)
{
    /// <summary>The same client with something between it and the service.</summary>
    internal AmazonEcrClient Through(Func<IJsonService, IJsonService> layer) => new(layer(service));

    public Task<JsonObject> BatchCheckLayerAvailabilityAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("BatchCheckLayerAvailability", request, cancellationToken);

    public Task<JsonObject> BatchDeleteImageAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("BatchDeleteImage", request, cancellationToken);

    public Task<JsonObject> BatchGetImageAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("BatchGetImage", request, cancellationToken);

    public Task<JsonObject> CreateRepositoryAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("CreateRepository", request, cancellationToken);

    public Task<JsonObject> DescribeImagesAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("DescribeImages", request, cancellationToken);

    public Task<JsonObject> DescribeRegistryAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("DescribeRegistry", request, cancellationToken);

    public Task<JsonObject> DescribeRepositoriesAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("DescribeRepositories", request, cancellationToken);

    public Task<JsonObject> GetAuthorizationTokenAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("GetAuthorizationToken", request, cancellationToken);

    public Task<JsonObject> GetRegistryPolicyAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("GetRegistryPolicy", request, cancellationToken);

    public Task<JsonObject> GetRepositoryPolicyAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("GetRepositoryPolicy", request, cancellationToken);

    public Task<JsonObject> ListImageReferrersAsync(JsonObject request, CancellationToken cancellationToken) => service.CallAsync("ListImageReferrers", request, cancellationToken);
}

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;

namespace EcsRelease.Tests.Aws.Botocore;

/// <summary>A target whose requests to ECS, ECR and Logs are noted, each as it was sent.</summary>
internal sealed class RecordingTarget(IReleaseTarget inner, Func<AwsService, IJsonService> client) : IReleaseTarget
{
    public ConcurrentQueue<(string Operation, JsonObject Request)> Requests { get; } = [];

    public string Name => inner.Name;

    public TargetDefaults Defaults => inner.Defaults;

    public IEnumerable<JsonObject> Of(string operation) => Requests.Where(each => each.Operation == operation).Select(each => each.Request);

    public async Task<AwsAccess> ConnectAsync(CancellationToken cancellationToken) => await inner.ConnectAsync(cancellationToken) with
    {
        Ecs = new AmazonEcsClient(new Recorder(this, client(AwsService.Ecs))),
        Ecr = new AmazonEcrClient(new Recorder(this, client(AwsService.Ecr))),
        Logs = new AmazonCloudWatchLogsClient(new Recorder(this, client(AwsService.CloudWatchLogs))),
    };

    public Task CheckSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) =>
        inner.CheckSecretsAsync(secrets, project, cancellationToken);

    public Task ProvideSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) =>
        inner.ProvideSecretsAsync(secrets, project, cancellationToken);

    public Task<IReadOnlyList<string>> EndpointsAsync(string cluster, string service, CancellationToken cancellationToken) =>
        inner.EndpointsAsync(cluster, service, cancellationToken);

    private sealed class Recorder(RecordingTarget target, IJsonService service) : IJsonService
    {
        public Task<JsonObject> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken)
        {
            target.Requests.Enqueue((operation, (JsonObject)request.DeepClone()));
            return service.CallAsync(operation, request, cancellationToken);
        }
    }
}

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Tests.Aws.Botocore;

namespace EcsRelease.Tests.Verbs;

/// <summary>A target whose calls are written down: operation as IAM names it, and request. One that AWS could not take
/// fails the test.</summary>
internal sealed class RecordedTarget(IReleaseTarget inner, Func<AwsService, IJsonService> client, ConcurrentQueue<(string Operation, JsonObject Request)> calls) : IReleaseTarget
{
    public string Name => inner.Name;

    public TargetDefaults Defaults => inner.Defaults;

    public async Task<AwsAccess> ConnectAsync(CancellationToken cancellationToken) => await inner.ConnectAsync(cancellationToken) with
    {
        Ecs = new AmazonEcsClient(new Recorded("ecs", client(AwsService.Ecs), calls)),
        Ecr = new AmazonEcrClient(new Recorded("ecr", client(AwsService.Ecr), calls)),
        Logs = new AmazonCloudWatchLogsClient(new Recorded("logs", client(AwsService.CloudWatchLogs), calls)),
    };

    public Task CheckSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) =>
        inner.CheckSecretsAsync(secrets, project, cancellationToken);

    public Task ProvideSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) =>
        inner.ProvideSecretsAsync(secrets, project, cancellationToken);

    public Task<IReadOnlyList<string>> EndpointsAsync(string cluster, string service, CancellationToken cancellationToken) =>
        inner.EndpointsAsync(cluster, service, cancellationToken);

    private sealed class Recorded(string prefix, IJsonService service, ConcurrentQueue<(string Operation, JsonObject Request)> calls) : IJsonService
    {
        public Task<JsonObject> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken)
        {
            calls.Enqueue(($"{prefix}:{operation}", (JsonObject)request.DeepClone()));
            BotocoreModels.Check(operation, request);
            return service.CallAsync(operation, request, cancellationToken);
        }
    }
}

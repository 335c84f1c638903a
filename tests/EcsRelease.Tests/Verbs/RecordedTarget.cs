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
        Ecs = new AmazonEcsClient(Recorder(AwsService.Ecs)),
        Ecr = new AmazonEcrClient(Recorder(AwsService.Ecr)),
        Logs = new AmazonCloudWatchLogsClient(Recorder(AwsService.CloudWatchLogs)),
        Iam = new AmazonIamClient(Recorder(AwsService.Iam)),
        Elb = new AmazonElasticLoadBalancingV2Client(Recorder(AwsService.ElasticLoadBalancingV2)),
        Alarms = new AmazonCloudWatchClient(Recorder(AwsService.CloudWatch)),
        Ssm = new AmazonSsmClient(Recorder(AwsService.Ssm)),
        Secrets = new AmazonSecretsManagerClient(Recorder(AwsService.SecretsManager)),
        Events = new AmazonEventBridgeClient(Recorder(AwsService.EventBridge)),
        Scheduler = new AmazonSchedulerClient(Recorder(AwsService.Scheduler)),
    };

    public Task CheckSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) =>
        inner.CheckSecretsAsync(secrets, project, cancellationToken);

    public Task ProvideSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) =>
        inner.ProvideSecretsAsync(secrets, project, cancellationToken);

    public Task<IReadOnlyList<string>> EndpointsAsync(string cluster, string service, CancellationToken cancellationToken) =>
        inner.EndpointsAsync(cluster, service, cancellationToken);

    private Recorded Recorder(AwsService service) => new(service.Prefix, client(service), calls);

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

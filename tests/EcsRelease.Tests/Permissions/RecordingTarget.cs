using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;

namespace EcsRelease.Tests.Permissions;

/// <summary>A target that writes down every operation that is asked of it, as `ecs:UpdateService`.</summary>
/// <param name="server">The local AWS's server.json.</param>
internal sealed class RecordingTarget(IReleaseTarget target, Func<JsonNode> server, ConcurrentQueue<(string Operation, JsonObject Request)> calls) : IReleaseTarget
{
    public string Name => target.Name;

    public TargetDefaults Defaults => target.Defaults;

    public async Task<AwsAccess> ConnectAsync(CancellationToken cancellationToken)
    {
        var access = await target.ConnectAsync(cancellationToken);
        return access with
        {
            Ecs = new(Client(AwsService.Ecs)),
            Ecr = new(Client(AwsService.Ecr)),
            Logs = new(Client(AwsService.CloudWatchLogs)),
            Iam = new(Client(AwsService.Iam)),
            Elb = new(Client(AwsService.ElasticLoadBalancingV2)),
            Alarms = new(Client(AwsService.CloudWatch)),
            Ssm = new(Client(AwsService.Ssm)),
            Secrets = new(Client(AwsService.SecretsManager)),
        };
    }

    public Task CheckSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) => target.CheckSecretsAsync(secrets, project, cancellationToken);

    public Task ProvideSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) => target.ProvideSecretsAsync(secrets, project, cancellationToken);

    public Task<IReadOnlyList<string>> EndpointsAsync(string cluster, string service, CancellationToken cancellationToken) => target.EndpointsAsync(cluster, service, cancellationToken);

    private Recorder Client(AwsService service)
    {
        var (endpoint, credentials) = (new Uri((string)server()["endpoint"]!), new BasicAWSCredentials((string?)server()["accessKeyId"], (string?)server()["secretAccessKey"]));
        var http = new AwsHttp(TimeProvider.System, useProxy: false);
        IJsonService inner = service.QueryVersion is null
            ? new Json11Client(service, endpoint, "us-east-1", credentials, http, TimeProvider.System)
            : new QueryClient(service, endpoint, "us-east-1", credentials, http, TimeProvider.System);
        return new Recorder(service.Prefix, inner, calls);
    }

    private sealed class Recorder(string prefix, IJsonService inner, ConcurrentQueue<(string, JsonObject)> calls) : IJsonService
    {
        public Task<JsonObject> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken)
        {
            calls.Enqueue(($"{prefix}:{operation}", (JsonObject)request.DeepClone()));
            return inner.CallAsync(operation, request, cancellationToken);
        }
    }
}

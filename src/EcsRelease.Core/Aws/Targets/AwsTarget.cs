using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;

namespace EcsRelease.Aws.Targets;

/// <summary>AWS itself, with credentials and region found as the AWS CLI finds them.</summary>
public sealed class AwsTarget : IReleaseTarget
{
    private readonly ReleaseOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<string, string?> _environment;

    public AwsTarget(ReleaseOptions options, TimeProvider time)
        : this(options, time, Environment.GetEnvironmentVariable)
    {
    }

    internal AwsTarget(ReleaseOptions options, TimeProvider time, Func<string, string?> environment)
    {
        _options = options;
        _time = time;
        _environment = environment;
    }

    public string Name => "aws";

    public TargetDefaults Defaults { get; } = new()
    {
        CreateRepository = false,
        CreateService = false,
        CreateLogGroup = false,
        MayUseLocalBase = false,
        Architecture = "X86_64",
    };

    public async Task<AwsAccess> ConnectAsync(CancellationToken cancellationToken)
    {
        var sources = new CredentialSources(_environment, _time);
        var profile = sources.Profile(_options.Profile, "EcsProfile");
        var endpoints = EndpointsOf(AwsRegion.Find(_options.Region, _environment, profile), profile);
        var connections = new AwsConnections(_time);
        try
        {
            var found = await sources.FindAsync(_options.Profile is null ? null : profile, cancellationToken);
            var own = connections.Assumed(_options.RoleArn, found, endpoints);
            var caller = await new CallerIdentity(endpoints, connections.Http).AskAsync(own, cancellationToken);
            if (_options.Account is { Length: > 0 } account && account != caller.Account)
                throw Errors.WrongAccount(account, caller.Account, caller.Arn);

            return new AwsAccess
            {
                Account = caller.Account,
                Region = endpoints.Region,
                CallerArn = caller.Arn,
                Ecs = new AmazonEcsClient(Client(AwsService.Ecs)),
                Logs = new AmazonCloudWatchLogsClient(Client(AwsService.CloudWatchLogs)),
                Iam = new AmazonIamClient(Client(AwsService.Iam)),
                Elb = new AmazonElasticLoadBalancingV2Client(Client(AwsService.ElasticLoadBalancingV2)),
                Alarms = new AmazonCloudWatchClient(Client(AwsService.CloudWatch)),
                Ssm = new AmazonSsmClient(Client(AwsService.Ssm)),
                Secrets = new AmazonSecretsManagerClient(Client(AwsService.SecretsManager)),
                Events = new AmazonEventBridgeClient(Client(AwsService.EventBridge)),
                Scheduler = new AmazonSchedulerClient(Client(AwsService.Scheduler)),
                Ecr = new AmazonEcrClient(await EcrAsync(sources, profile, found, own, caller, endpoints, connections, cancellationToken)),
                Connections = connections,
            };

            IJsonService Client(AwsService service) => connections.Client(service, endpoints, own);
        }
        catch
        {
            connections.Dispose();
            throw;
        }
    }

    public Task CheckSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ProvideSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<string>> EndpointsAsync(string cluster, string service, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    /// <summary>The same credentials, unless the repository has its own profile or role, or lies in another account:
    /// a role that was assumed for ECS is none of that account's business (DESIGN 4).</summary>
    private async Task<IJsonService> EcrAsync(
        CredentialSources sources, CredentialProfile? profile, AWSCredentials found, AWSCredentials own, Caller caller,
        AwsEndpoints endpoints, AwsConnections connections, CancellationToken cancellationToken)
    {
        var address = EcrAddress.Parse(_options.Repository);
        var ecrProfile = _options.EcrProfile is null ? profile : sources.Profile(_options.EcrProfile, "EcrProfile");
        var ecrEndpoints = EndpointsOf(address?.Region ?? endpoints.Region, ecrProfile);
        var credentials = _options switch
        {
            { EcrProfile: not null } => await sources.FindAsync(ecrProfile, cancellationToken),
            { EcrRoleArn: not null } => found,
            _ => address is null || address.Account == caller.Account ? own : found,
        };
        return connections.Client(AwsService.Ecr, ecrEndpoints, connections.Assumed(_options.EcrRoleArn, credentials, ecrEndpoints));
    }

    private AwsEndpoints EndpointsOf(string region, CredentialProfile? profile) => new(region, _environment, profile);
}

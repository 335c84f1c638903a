namespace EcsRelease.Aws.Targets;

/// <summary>Where a release goes: AWS, or the embedded local AWS, which is started here and is AWS from then on.</summary>
public interface IReleaseTarget
{
    /// <summary>`aws` or `local`, the word of the release record.</summary>
    string Name { get; }

    TargetDefaults Defaults { get; }

    /// <summary>Finds credentials and region, asks who they are (STS GetCallerIdentity), makes the clients.</summary>
    /// <exception cref="EcsReleaseException">ECSR4001, 4002, 4004, 4005, 4008, 4013, 6001, 6002.</exception>
    Task<AwsAccess> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Whether <see cref="ProvideSecretsAsync"/> will find all values; changes nothing.</summary>
    /// <exception cref="EcsReleaseException">ECSR6003 and of the store.</exception>
    Task CheckSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken);

    /// <summary>Hands over the plain values of secrets, by `valueFrom`, where the target has no store of its own to
    /// resolve them from; elsewhere does nothing.</summary>
    Task ProvideSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken);

    /// <summary>Addresses under which the service answers, as far as the target knows any.</summary>
    Task<IReadOnlyList<string>> EndpointsAsync(string cluster, string service, CancellationToken cancellationToken);
}

/// <summary>What an option that is not set means on a target.</summary>
public sealed record TargetDefaults
{
    public required bool CreateRepository { get; init; }

    public required bool CreateService { get; init; }

    public required bool CreateLogGroup { get; init; }

    /// <summary>A base of this machine's runtime may stand in for one that cannot be pulled.</summary>
    public required bool MayUseLocalBase { get; init; }

    /// <summary>It has one registry, for all repositories: account and region of a repository's address do not count.</summary>
    public bool HasOneRegistry { get; init; }

    /// <summary>The address of a repository that may be another account's or region's; null = a name of the own registry.</summary>
    public EcrAddress? AddressOf(string repository) => HasOneRegistry ? null : EcrAddress.Parse(repository);

    /// <summary>The name alone, without the address.</summary>
    public static string NameOf(string repository) => EcrAddress.Parse(repository)?.Repository ?? repository;

    /// <summary>X86_64 or ARM64.</summary>
    public required string Architecture { get; init; }

    /// <summary>Null = must be set by the user.</summary>
    public string? ExecutionRole { get; init; }

    public IReadOnlyList<string> Subnets { get; init; } = [];
}

/// <summary>Clients for one account and region. They end with it: a build server lives longer than a release.</summary>
public sealed record AwsAccess : IDisposable
{
    public required string Account { get; init; }

    public required string Region { get; init; }

    public required string CallerArn { get; init; }

    public required AmazonEcsClient Ecs { get; init; }

    /// <summary>For the repository's account and region, which may be others (EcrProfile, EcrRoleArn).</summary>
    public required AmazonEcrClient Ecr { get; init; }

    public required AmazonCloudWatchLogsClient Logs { get; init; }

    public required AmazonIamClient Iam { get; init; }

    public required AmazonElasticLoadBalancingV2Client Elb { get; init; }

    public required AmazonCloudWatchClient Alarms { get; init; }

    public required AmazonSsmClient Ssm { get; init; }

    public required AmazonSecretsManagerClient Secrets { get; init; }

    public required AmazonEventBridgeClient Events { get; init; }

    public required AmazonSchedulerClient Scheduler { get; init; }

    /// <summary>What the clients stand on.</summary>
    internal IDisposable? Connections { get; init; }

    public void Dispose() => Connections?.Dispose();
}

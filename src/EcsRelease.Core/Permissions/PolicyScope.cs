using System.Text.Json.Nodes;
using Amazon;
using EcsRelease.Aws;
using EcsRelease.TaskDefinitions;

namespace EcsRelease.Permissions;

/// <summary>The resources of one project's releases, from which a policy's ARNs are made.</summary>
public sealed record PolicyScope
{
    public required string Account { get; init; }

    public required string Region { get; init; }

    /// <summary>Name or ARN.</summary>
    public required string Cluster { get; init; }

    public required string Service { get; init; }

    /// <summary>Name, or full URI of one in another account or region.</summary>
    public required string Repository { get; init; }

    public required string Family { get; init; }

    public required ReleaseFeatures Features { get; init; }

    /// <summary>Roles that ECS is passed, ARNs or names; empty = not known.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    public IReadOnlyList<string> LogGroups { get; init; } = [];

    /// <summary>`valueFrom` of every secret.</summary>
    public IReadOnlyList<string> Secrets { get; init; } = [];

    /// <summary>Parameters that the task definition file takes values from, names or ARNs.</summary>
    public IReadOnlyList<string> FileParameters { get; init; } = [];

    /// <summary>ARNs of roles that a release assumes itself.</summary>
    public IReadOnlyList<string> AssumedRoles { get; init; } = [];

    /// <summary>ARN of the role or user that releases, whose own permissions verify asks for; null = not known.</summary>
    public string? Principal { get; init; }

    public string Partition => RegionEndpoint.GetBySystemName(Region).PartitionName;

    internal string ClusterName => Cluster.Split('/')[^1];

    internal string ServiceName => Service.Split('/')[^1];

    internal EcrAddress? ForeignRepository => EcrAddress.Parse(Repository);

    /// <param name="definition">The task definition that is released; null while it is not known.</param>
    internal static PolicyScope Of(ReleaseOptions options, string service, string repository, string account, string region, ReleaseFeatures features, JsonObject? definition)
    {
        var family = definition.Text("family") ?? options.TaskFamily ?? service;
        IEnumerable<string> logGroups = definition is null
            ? [options.LogGroup ?? $"/ecs/{family}"]
            : DefinitionReferences.AwsLogs(definition).Select(log => log.Options.Text("awslogs-group")).OfType<string>();
        return new PolicyScope
        {
            Account = account,
            Region = region,
            Cluster = options.Cluster,
            Service = service,
            Repository = repository,
            Family = family,
            Features = features,
            Roles = definition is null
                ? [.. new[] { options.ExecutionRole, options.TaskRole }.OfType<string>()]
                : [.. DefinitionReferences.Roles(definition)],
            LogGroups = [.. logGroups.Distinct()],
            Secrets = definition is null
                ? [.. options.Secrets.Select(secret => secret.Value)]
                : [.. DefinitionReferences.Secrets(definition).Select(secret => secret.Reference is { Store: SecretStore.SecretsManager, Region: null } named
                    ? $"arn:{RegionEndpoint.GetBySystemName(region).PartitionName}:secretsmanager:{region}:{account}:secret:{named.Id}"
                    : secret.ValueFrom).Distinct()],
            AssumedRoles = [.. new[] { options.RoleArn, options.EcrRoleArn }.OfType<string>().Distinct()],
        };
    }
}

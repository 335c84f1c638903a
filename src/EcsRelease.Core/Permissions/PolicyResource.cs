using EcsRelease.TaskDefinitions;

namespace EcsRelease.Permissions;

/// <summary>What a statement is about (resource types of the Service Authorization Reference).</summary>
internal enum PolicyResource
{
    /// <summary>Actions without resource types.</summary>
    Any,
    Repository,
    Cluster,
    Service,
    ServiceDeployments,
    ServiceRevisions,
    Tasks,
    EveryService,
    EveryServiceDeployment,
    EveryServiceRevision,
    EveryTask,
    Family,
    TaskRoles,
    ServiceLinkedRole,
    AssumedRoles,
    Principal,
    AllLogGroups,
    LogGroups,
    LogStreams,
    Secrets,
    Parameters,
    FileParameters,
}

/// <summary>The ARNs of a kind of resource. The partition is the region's: never `aws` by habit.</summary>
internal static class ResourceArns
{
    /// <summary>Stands behind a secret that is named without its own.</summary>
    public const string SecretSuffix = "-??????";

    /// <returns>Empty when the release has none of them.</returns>
    public static IReadOnlyList<string> Of(PolicyResource resource, PolicyScope scope) => resource switch
    {
        PolicyResource.Any => ["*"],
        PolicyResource.Repository when scope.ForeignRepository is { } address => [Arn(scope, "ecr", address.Region, address.Account, $"repository/{address.Repository}")],
        PolicyResource.Repository => [Arn(scope, "ecr", $"repository/{scope.Repository}")],
        PolicyResource.Cluster => [ClusterOf(scope)],
        PolicyResource.Service => [Arn(scope, "ecs", $"service/{scope.ClusterName}/{scope.ServiceName}")],
        PolicyResource.ServiceDeployments => [Arn(scope, "ecs", $"service-deployment/{scope.ClusterName}/{scope.ServiceName}/*")],
        PolicyResource.ServiceRevisions => [Arn(scope, "ecs", $"service-revision/{scope.ClusterName}/{scope.ServiceName}/*")],
        PolicyResource.Tasks => [Arn(scope, "ecs", $"task/{scope.ClusterName}/*")],
        PolicyResource.EveryService => [Arn(scope, "ecs", "service/*")],
        PolicyResource.EveryServiceDeployment => [Arn(scope, "ecs", "service-deployment/*")],
        PolicyResource.EveryServiceRevision => [Arn(scope, "ecs", "service-revision/*")],
        PolicyResource.EveryTask => [Arn(scope, "ecs", "task/*")],
        PolicyResource.Family => [Arn(scope, "ecs", $"task-definition/{scope.Family}:*")],
        PolicyResource.TaskRoles => scope.Roles.Count == 0 ? [Role(scope, "*")] : [.. scope.Roles.Select(role => Role(scope, role)).Distinct()],
        PolicyResource.ServiceLinkedRole => [Role(scope, "aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS*")],
        PolicyResource.AssumedRoles => scope.AssumedRoles,
        PolicyResource.Principal => scope.Principal is { } principal ? WithAnyPath(principal) : [Role(scope, "*")],
        PolicyResource.AllLogGroups => [Arn(scope, "logs", "log-group:*")],
        // CloudWatch Logs compares with `log-group:NAME:log-stream:` (docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html).
        PolicyResource.LogGroups => [.. scope.LogGroups.Select(group => Arn(scope, "logs", $"log-group:{group}:*"))],
        PolicyResource.LogStreams => [.. scope.LogGroups.Select(group => Arn(scope, "logs", $"log-group:{group}:log-stream:*"))],
        PolicyResource.Secrets => [.. References(scope, SecretStore.SecretsManager).Select(SecretArn).Distinct()],
        PolicyResource.Parameters => [.. References(scope, SecretStore.ParameterStore).Select(secret => ParameterArn(scope, secret)).Distinct()],
        PolicyResource.FileParameters => [.. scope.FileParameters.Select(SecretReference.Parse).Select(parameter => ParameterArn(scope, parameter)).Distinct()],
        _ => throw new ArgumentOutOfRangeException(nameof(resource), resource, null),
    };

    public static string ClusterOf(PolicyScope scope) => Arn(scope, "ecs", $"cluster/{scope.ClusterName}");

    /// <param name="role">Name or ARN.</param>
    public static string Role(PolicyScope scope, string role) =>
        role.StartsWith("arn:", StringComparison.Ordinal) ? role : Arn(scope, "iam", "", scope.Account, $"role/{role}");

    public static string ParameterArn(PolicyScope scope, SecretReference parameter) =>
        parameter.Region is null ? Arn(scope, "ssm", $"parameter/{WithoutVersion(parameter.Id).TrimStart('/')}") : WithoutVersion(parameter.Id);

    // Secrets Manager puts a dash and six characters behind the name; without them ECS takes the ARN too, IAM does not.
    private static string SecretArn(SecretReference secret) =>
        secret.Id.Length > 7 && secret.Id[^7] == '-' ? secret.Id : secret.Id + SecretSuffix;

    // `NAME:VERSION` or `NAME:LABEL` (API page GetParameters); an ARN has five colons of its own.
    private static string WithoutVersion(string parameter) =>
        string.Join(':', parameter.Split(':').Take(parameter.StartsWith("arn:", StringComparison.Ordinal) ? 6 : 1));

    // The ARN of a role's session lacks the role's path.
    private static IReadOnlyList<string> WithAnyPath(string principal) =>
        Principal.RoleName(principal) is { } name && principal.EndsWith($":role/{name}", StringComparison.Ordinal)
            ? [principal, principal.Replace(":role/", ":role/*/", StringComparison.Ordinal)]
            : [principal];

    private static IEnumerable<SecretReference> References(PolicyScope scope, SecretStore store) =>
        scope.Secrets.Select(SecretReference.Parse).Where(secret => secret.Store == store);

    private static string Arn(PolicyScope scope, string service, string resource) => Arn(scope, service, scope.Region, scope.Account, resource);

    private static string Arn(PolicyScope scope, string service, string region, string account, string resource) =>
        $"arn:{scope.Partition}:{service}:{region}:{account}:{resource}";
}

using static EcsRelease.Permissions.PolicyResource;
using static EcsRelease.Permissions.ReleaseFeatures;

namespace EcsRelease.Permissions;

/// <summary>One row of the table: actions that one feature needs on one kind of resource.</summary>
/// <param name="On">The kinds of resource that IAM looks at; the last one tells the most.</param>
/// <param name="Actions">IAM actions. An operation of our clients has an action of its own name.</param>
internal sealed record PermissionRow(string Sid, ReleaseFeatures For, IReadOnlyList<PolicyResource> On, IReadOnlyList<string> Actions)
{
    public PermissionRow(string sid, ReleaseFeatures feature, PolicyResource on, params string[] actions)
        : this(sid, feature, [on], actions)
    {
    }

    public PolicyCondition? Condition { get; init; }

    /// <summary>What is granted changes something: it can be simulated, never tried.</summary>
    public bool IsWrite { get; init; }
}

/// <param name="Value">Null = the cluster's ARN.</param>
internal sealed record PolicyCondition(string Operator, string Key, string? Value);

/// <summary>Every action that this engine needs, by the feature that needs it. Sources: the Service Authorization
/// Reference of each service (docs.aws.amazon.com/service-authorization/latest/reference), resource types marked *.</summary>
internal static class PermissionTable
{
    private static readonly PolicyCondition InCluster = new("ArnEquals", "ecs:cluster", null);

    public static IReadOnlyList<PermissionRow> Rows { get; } =
    [
        // Allowed to everybody unless a policy denies it; named so that a boundary lists it.
        new("Caller", Image | Prune, Any, "sts:GetCallerIdentity"),
        new("AssumeRole", ReleaseFeatures.AssumeRole | Prune, AssumedRoles, "sts:AssumeRole") { IsWrite = true },

        // The registry protocol has actions of its own (docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html,
        // .../security_iam_id-based-policy-examples.html): HEAD of a blob is BatchCheckLayerAvailability, GET of a blob
        // GetDownloadUrlForLayer, GET of a manifest BatchGetImage; POST, PATCH and PUT of an upload InitiateLayerUpload,
        // UploadLayerPart and CompleteLayerUpload; PUT of a manifest, and so a moving tag, PutImage.
        new("RegistryToken", Image, Any, "ecr:GetAuthorizationToken"),
        new("ReadRepository", Image, PolicyResource.Repository,
            "ecr:DescribeRepositories", "ecr:BatchGetImage", "ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer"),
        new("PushImage", Image, PolicyResource.Repository,
            "ecr:InitiateLayerUpload", "ecr:UploadLayerPart", "ecr:CompleteLayerUpload", "ecr:PutImage") { IsWrite = true },
        new("CreateRepository", ReleaseFeatures.CreateRepository, PolicyResource.Repository, "ecr:CreateRepository") { IsWrite = true },

        new("ReadCluster", Register, Cluster, "ecs:DescribeClusters"),
        new("ReadService", Register, Service, "ecs:DescribeServices"),
        // No resource types. Deregistering takes back a revision that another release registered at the same time.
        new("ReadTaskDefinitions", Register, Any, "ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitions"),
        new("DeregisterTaskDefinition", Register, Any, "ecs:DeregisterTaskDefinition") { IsWrite = true },
        new("RegisterTaskDefinition", Register, Family, "ecs:RegisterTaskDefinition") { IsWrite = true },
        new("TagTaskDefinition", Tag, Family, "ecs:TagResource")
        {
            Condition = new("StringEquals", "ecs:CreateAction", "RegisterTaskDefinition"), IsWrite = true,
        },
        // Checked at RegisterTaskDefinition, CreateService, UpdateService and RunTask alike.
        new("PassTaskRoles", Register, TaskRoles, "iam:PassRole")
        {
            Condition = new("StringEquals", "iam:PassedToService", "ecs-tasks.amazonaws.com"), IsWrite = true,
        },
        // Those that the task definition file names as ${ssm:…}.
        new("ReadParameters", Register, FileParameters, "ssm:GetParameters"),
        new("FindLogGroups", Register, AllLogGroups, "logs:DescribeLogGroups"),
        new("CreateLogGroup", ReleaseFeatures.CreateLogGroup, LogGroups, "logs:CreateLogGroup") { IsWrite = true },

        new("UpdateService", Update, Service, "ecs:UpdateService") { IsWrite = true },
        new("CreateService", ReleaseFeatures.CreateService, Service, "ecs:CreateService") { IsWrite = true },
        // Only the first service of an account makes it (docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html).
        new("CreateServiceLinkedRole", ReleaseFeatures.CreateService, ServiceLinkedRole, "iam:CreateServiceLinkedRole")
        {
            Condition = new("StringLike", "iam:AWSServiceName", "ecs.amazonaws.com"), IsWrite = true,
        },
        new("ListDeployments", Update, Service, "ecs:ListServiceDeployments"),
        new("ReadDeployments", Update, [Service, ServiceDeployments], ["ecs:DescribeServiceDeployments"]),
        new("ReadServiceRevisions", Update, [Service, ServiceRevisions], ["ecs:DescribeServiceRevisions"]),
        new("SteerDeployments", Update, [Service, ServiceDeployments], ["ecs:ContinueServiceDeployment", "ecs:StopServiceDeployment"]) { IsWrite = true },

        new("ListTasks", Update | OneOffTasks, Any, "ecs:ListTasks") { Condition = InCluster },
        new("ReadTasks", Update | OneOffTasks, Tasks, "ecs:DescribeTasks"),
        new("ReadLogs", Update | OneOffTasks, LogStreams, "logs:GetLogEvents"),
        new("SearchLogs", ReleaseFeatures.SearchLogs, PolicyResource.LogGroups, "logs:FilterLogEvents"),
        // No resource types.
        new("ReadEvidence", Update, Any, "elasticloadbalancing:DescribeTargetHealth", "cloudwatch:DescribeAlarms"),
        new("RunGate", OneOffTasks, Family, "ecs:RunTask") { Condition = InCluster, IsWrite = true },
        // The task gets the revision's tags. Whether IAM asks for tags that are only passed on is documented nowhere.
        new("TagGate", OneOffTasks, Tasks, "ecs:TagResource") { Condition = new("StringEquals", "ecs:CreateAction", "RunTask"), IsWrite = true },
        new("StopGate", OneOffTasks, Tasks, "ecs:StopTask") { Condition = InCluster, IsWrite = true },

        // Others of the account may use the revision or the image: everything is read, one family and one repository changed.
        // The lists, and the operations on task definitions, EventBridge and Scheduler have no resource types or take all.
        new("PruneFindUses", Prune, Any,
            "ecs:ListClusters", "ecs:ListServices", "ecs:ListTasks", "ecs:ListTaskDefinitionFamilies", "ecs:ListTaskDefinitions", "ecs:DescribeTaskDefinition",
            "events:ListEventBuses", "events:ListRules", "events:ListTargetsByRule",
            "scheduler:ListScheduleGroups", "scheduler:ListSchedules", "scheduler:GetSchedule"),
        new("PruneReadServices", Prune, EveryService, "ecs:DescribeServices", "ecs:ListServiceDeployments"),
        new("PruneReadDeployments", Prune, [EveryService, EveryServiceDeployment], ["ecs:DescribeServiceDeployments"]),
        new("PruneReadServiceRevisions", Prune, [EveryService, EveryServiceRevision], ["ecs:DescribeServiceRevisions"]),
        new("PruneReadTasks", Prune, EveryTask, "ecs:DescribeTasks"),
        new("PruneRevisions", Prune, Any, "ecs:DeregisterTaskDefinition", "ecs:DeleteTaskDefinitions") { IsWrite = true },
        new("PruneReadRegistry", PruneImages, Any, "ecr:DescribeRegistry", "ecr:GetRegistryPolicy"),
        new("PruneReadImages", PruneImages, PolicyResource.Repository,
            "ecr:DescribeRepositories", "ecr:DescribeImages", "ecr:BatchGetImage", "ecr:ListImageReferrers", "ecr:GetRepositoryPolicy"),
        new("PruneDeleteImages", PruneImages, PolicyResource.Repository, "ecr:BatchDeleteImage") { IsWrite = true },

        new("VerifyPermissions", Verify, PolicyResource.Principal, "iam:GetRole", "iam:SimulatePrincipalPolicy"),
        new("VerifyRoles", VerifyDefinition, TaskRoles, "iam:GetRole", "iam:SimulatePrincipalPolicy"),
        new("VerifySecrets", VerifyDefinition, Secrets, "secretsmanager:DescribeSecret"),
        new("VerifyParameters", VerifyDefinition, Parameters, "ssm:GetParameters"),
        new("VerifyTargetGroups", VerifyDefinition, Any, "elasticloadbalancing:DescribeTargetGroups"),
    ];
}

namespace EcsRelease;

public enum TargetKind { Aws, Local }

public enum TagPolicy { Auto, Required, Off }

public enum OwnedPolicy { Warn, Refuse, Ignore }

public enum ReuseImagePolicy { Same, Any }

public enum ImageReferencePolicy { Auto, Tag, Digest }

public enum ImageBuilderKind { Auto, Layers, Dockerfile }

public enum ConflictPolicy { Wait, Fail, Supersede }

public enum DivergedPolicy { Warn, Refuse }

public enum PausePolicy { Wait, Exit }

public enum CircuitBreakerPolicy { Keep, Rollback, On, Off }

public enum StopAfterStep { None, Push, Register, Update }

/// <summary>Every option of a release, parsed (docs/options.md). Null = not set: the engine derives it, as the
/// description says. Made by <see cref="Options.OptionReader"/> from defaults, MSBuild properties and flags.</summary>
public sealed record ReleaseOptions
{
    [Option("where to release to: aws or local (the embedded local ECR and ECS)")]
    public TargetKind Target { get; init; } = TargetKind.Aws;

    [Option("AWS region; default as the AWS CLI finds it")]
    public string? Region { get; init; }

    [Option("AWS profile for ECS; default as the AWS CLI finds it")]
    public string? Profile { get; init; }

    [Option("role to assume on top of the credentials for ECS")]
    public string? RoleArn { get; init; }

    [Option("AWS profile for ECR when the repository belongs to another account", Property = "EcrProfile")]
    public string? EcrProfile { get; init; }

    [Option("role to assume for ECR when the repository belongs to another account", Property = "EcrRoleArn")]
    public string? EcrRoleArn { get; init; }

    [Option("refuse when the credentials for ECS belong to another account than this")]
    public string? Account { get; init; }

    [Option("ECS cluster: name or ARN")]
    public string Cluster { get; init; } = "default";

    [Option("ECS service; default the assembly name in kebab-case")]
    public string? Service { get; init; }

    [Option("services that get this project's one image, in place of EcsService; metadata named as options (EcsCpu, EcsCommand, EcsRegion …) override them for one service; the flag chooses among the items, or declares where there are none", Flag = "services", Item = "EcsServices")]
    public IReadOnlyList<string> Services { get; init; } = [];

    [Option("which services are released together, of several: waves run one after the other, lowest number first")]
    public int Wave { get; init; } = 1;

    [Option("how many services of a wave are released at once, at most")]
    public int MaxParallel { get; init; } = 10;

    [Option("when a service of several fails, set back those that this run has released already")]
    public bool RollbackAll { get; init; }

    [Option("start a new deployment also when nothing changed")]
    public bool Force { get; init; }

    [Option("the tags ecs-release:* on revisions: auto (left out, with a warning, where ecs:TagResource is denied), required, off")]
    public TagPolicy Tags { get; init; } = TagPolicy.Auto;

    [Option("a service that CloudFormation or another stack owns: warn, refuse, ignore")]
    public OwnedPolicy Owned { get; init; } = OwnedPolicy.Warn;

    [Option("an image found under the commit's tag is reused: same (platform, commit and inputs are equal) or any")]
    public ReuseImagePolicy ReuseImage { get; init; } = ReuseImagePolicy.Same;

    [Option("ECR repository: name or full URI; default the assembly name in kebab-case", Property = "EcrRepository", Flag = "repository")]
    public string? Repository { get; init; }

    [Option("create the repository when it is missing; default true for the local target, else false", Property = "EcrCreateRepository")]
    public bool? CreateRepository { get; init; }

    [Option("tags that are moved to the image as well, 5 at most, never used by a task definition; separated by ;", Flag = "moving-tag")]
    public IReadOnlyList<string> MovingTags { get; init; } = [];

    [Option("suffix of the commit's tag (SHA-SUFFIX), for a second image of the same commit")]
    public string? TagSuffix { get; init; }

    [Option("how the revision names the image: auto (tag where the repository makes it immutable, else digest), tag, digest")]
    public ImageReferencePolicy ImageReference { get; init; } = ImageReferencePolicy.Auto;

    [Option("image builder: auto (dockerfile when a Dockerfile lies beside the project), layers, dockerfile", Flag = "builder")]
    public ImageBuilderKind ImageBuilder { get; init; } = ImageBuilderKind.Auto;

    [Option("base image; `local` makes one from this machine's .NET runtime (local target only)")]
    public string? BaseImage { get; init; }

    [Option("where the task definition comes from: auto, properties, live, or file:PATH")]
    public string TaskDefinition { get; init; } = "auto";

    [Option("replace a live revision that was made by hand; with EcsTaskDefinition=live, go back to the last release's as the base")]
    public bool OverwriteDrift { get; init; }

    [Option("task definition family; default the live one, else the service's name")]
    public string? TaskFamily { get; init; }

    [Option("the container that gets the image; default the only essential one")]
    public string? Container { get; init; }

    [Option("command of the container in place of the image's, a word each; separated by ;")]
    public IReadOnlyList<string> Command { get; init; } = [];

    [Option("task CPU units, e.g. 256")]
    public string? Cpu { get; init; }

    [Option("task memory in MiB, e.g. 512")]
    public string? Memory { get; init; }

    [Option("X86_64 or ARM64; default the live definition's, else X86_64 (local target: the host's)")]
    public string? Architecture { get; init; }

    [Option("task role ARN or name")]
    public string? TaskRole { get; init; }

    [Option("execution role ARN or name")]
    public string? ExecutionRole { get; init; }

    [Option("CloudWatch log group; default /ecs/FAMILY")]
    public string? LogGroup { get; init; }

    [Option("environment variable of the container", Flag = "env", Item = "EcsEnvironmentVariable", ItemValue = "Value")]
    public IReadOnlyList<NameValue> EnvironmentVariables { get; init; } = [];

    [Option("secret of the container, by ARN", Flag = "secret", Item = "EcsSecret", ItemValue = "ValueFrom")]
    public IReadOnlyList<NameValue> Secrets { get; init; } = [];

    [Option("container port; default the image's", Flag = "port", Item = "EcsPort", ItemValue = "Protocol")]
    public IReadOnlyList<NameValue> Ports { get; init; } = [];

    [Option("create the service when it does not exist; default true for the local target, else false")]
    public bool? CreateService { get; init; }

    [Option("tasks of a service that is created")]
    public int DesiredCount { get; init; } = 1;

    [Option("subnets of a service that is created; separated by ;")]
    public IReadOnlyList<string> Subnets { get; init; } = [];

    [Option("security groups of a service that is created; separated by ;")]
    public IReadOnlyList<string> SecurityGroups { get; init; } = [];

    [Option("give tasks of a service that is created a public IP")]
    public bool AssignPublicIp { get; init; }

    [Option("target group ARN of a service that is created")]
    public string? TargetGroup { get; init; }

    [Option("launch type of a service that is created: FARGATE, EC2, EXTERNAL")]
    public string? LaunchType { get; init; }

    [Option("capacity providers of a service that is created, NAME or NAME=WEIGHT; separated by ;")]
    public IReadOnlyList<string> CapacityProviders { get; init; } = [];

    [Option("health check grace period of a service that is created")]
    public TimeSpan? HealthCheckGracePeriod { get; init; }

    [Option("minimum healthy percent of a service that is created")]
    public int? MinimumHealthyPercent { get; init; }

    [Option("maximum percent of a service that is created")]
    public int? MaximumPercent { get; init; }

    [Option("circuit breaker of a service that is created: keep or rollback (rollback on), on (no rollback), off; of an existing service it is kept")]
    public CircuitBreakerPolicy CircuitBreaker { get; init; } = CircuitBreakerPolicy.Keep;

    [Option("end after push, register or update; the record says what to hand on")]
    public StopAfterStep StopAfter { get; init; } = StopAfterStep.None;

    [Option("wait for the rollout's end")]
    public bool Wait { get; init; } = true;

    [Option("limit of the wait, e.g. 90s, 20m, 1h")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(20);

    [Option("a command, run as a one-off task of the new revision before the update (migrations); its exit code decides")]
    public string? BeforeDeploy { get; init; }

    [Option("after the rollout: an address to GET, a path on the service's own address (local target), or a command, run as a one-off task")]
    public string? AfterDeploy { get; init; }

    [Option("a failed EcsAfterDeploy sets the service back to the revision before")]
    public bool AfterDeployRollback { get; init; }

    [Option("another deployment of the service is in progress: wait, fail, supersede")]
    public ConflictPolicy OnConflict { get; init; } = ConflictPolicy.Wait;

    [Option("the deployment pauses at a lifecycle hook: wait (for `ecs-release continue` or `stop`, or the hook's own limit), exit (at once, as paused)")]
    public PausePolicy OnPause { get; init; } = PausePolicy.Wait;

    [Option("release a dirty tree, tagged SHA-dirty-HASH")]
    public bool AllowDirty { get; init; }

    [Option("release a commit that is older than the live one")]
    public bool AllowOlder { get; init; }

    [Option("a commit of another branch, which lacks commits of the live one: warn, refuse")]
    public DivergedPolicy OnDiverged { get; init; } = DivergedPolicy.Warn;

    [Option("files that may enter the image though they are not in the commit; separated by ;", Flag = "allow-untracked", Item = "EcsAllowUntracked")]
    public IReadOnlyList<string> AllowUntracked { get; init; } = [];

    [Option("leave a service alone whose image and task definition equal the live ones but for commit and date")]
    public bool SkipUnchanged { get; init; }

    [Option("show the plan and ask on the terminal before anything is changed")]
    public bool Confirm { get; init; }

    [Option("print the plan, change nothing", Flag = "")]
    public bool DryRun { get; init; }

    [Option("write the release record (JSON) to this file; `{service}` stands for the service; a relative path starts at the project's folder, that of the flag at the working directory", Property = "EcsReleaseRecord", Flag = "release-record")]
    public string? RecordFile { get; init; }
}

/// <summary>A pair of a list option, e.g. an environment variable.</summary>
public sealed record NameValue(string Name, string Value);

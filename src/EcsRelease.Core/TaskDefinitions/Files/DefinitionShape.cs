namespace EcsRelease.TaskDefinitions.Files;

/// <summary>The kind of JSON that a member takes.</summary>
internal abstract record MemberType
{
    /// <summary>For an error: `a whole number`.</summary>
    public abstract string Words { get; }

    internal sealed record Scalar(ScalarKind Kind) : MemberType
    {
        public override string Words => Kind switch
        {
            ScalarKind.Integer => "a whole number",
            ScalarKind.Flag => "true or false",
            ScalarKind.Size => "a string or a number",
            _ => "a string",
        };
    }

    internal sealed record List(MemberType Element) : MemberType
    {
        public override string Words => Element switch
        {
            Structure => "a list of objects",
            Scalar { Kind: ScalarKind.Integer } => "a list of whole numbers",
            _ => "a list of strings",
        };
    }

    /// <summary>Names of the user's own, with strings.</summary>
    internal sealed record Map : MemberType
    {
        public override string Words => "an object with strings";
    }

    /// <param name="Name">In <see cref="DefinitionShape.Structures"/>.</param>
    internal sealed record Structure(string Name) : MemberType
    {
        public override string Words => "an object";
    }
}

internal enum ScalarKind
{
    Text,
    Integer,
    Flag,

    /// <summary>A string in the API, which the service takes as a number too: the task's cpu and memory.</summary>
    Size,
}

internal sealed record Member(string Name, MemberType Type, bool IsRequired);

/// <summary>The input of RegisterTaskDefinition as its API reference has it. Only what is known is checked: members that
/// are newer than this table are kept as they are.</summary>
internal static class DefinitionShape
{
    public const string Root = "RegisterTaskDefinitionRequest";

    // STRUCTURE: member[:type][!] …  A type is string (left out), int, bool, size, {} (a map of strings), [type] (a list), or
    // a structure; ! = required. Structures have the names of the API reference. The family is required there; here it has a default.
    private const string Table = """
        RegisterTaskDefinitionRequest: family taskRoleArn executionRoleArn networkMode containerDefinitions:[ContainerDefinition]! volumes:[Volume] placementConstraints:[TaskDefinitionPlacementConstraint] requiresCompatibilities:[string] cpu:size memory:size tags:[Tag] pidMode ipcMode proxyConfiguration:ProxyConfiguration inferenceAccelerators:[InferenceAccelerator] ephemeralStorage:EphemeralStorage runtimePlatform:RuntimePlatform enableFaultInjection:bool
        ContainerDefinition: name image repositoryCredentials:RepositoryCredentials cpu:int memory:int memoryReservation:int links:[string] portMappings:[PortMapping] essential:bool restartPolicy:ContainerRestartPolicy entryPoint:[string] command:[string] environment:[KeyValuePair] environmentFiles:[EnvironmentFile] mountPoints:[MountPoint] volumesFrom:[VolumeFrom] linuxParameters:LinuxParameters secrets:[Secret] dependsOn:[ContainerDependency] startTimeout:int stopTimeout:int versionConsistency hostname user workingDirectory disableNetworking:bool privileged:bool readonlyRootFilesystem:bool dnsServers:[string] dnsSearchDomains:[string] extraHosts:[HostEntry] dockerSecurityOptions:[string] interactive:bool pseudoTerminal:bool dockerLabels:{} ulimits:[Ulimit] logConfiguration:LogConfiguration healthCheck:HealthCheck systemControls:[SystemControl] resourceRequirements:[ResourceRequirement] firelensConfiguration:FirelensConfiguration credentialSpecs:[string]
        RepositoryCredentials: credentialsParameter!
        PortMapping: containerPort:int hostPort:int protocol name appProtocol containerPortRange
        ContainerRestartPolicy: enabled:bool! ignoredExitCodes:[int] restartAttemptPeriod:int
        KeyValuePair: name value
        EnvironmentFile: value! type!
        MountPoint: sourceVolume containerPath readOnly:bool
        VolumeFrom: sourceContainer readOnly:bool
        LinuxParameters: capabilities:KernelCapabilities devices:[Device] initProcessEnabled:bool sharedMemorySize:int tmpfs:[Tmpfs] maxSwap:int swappiness:int
        KernelCapabilities: add:[string] drop:[string]
        Device: hostPath! containerPath permissions:[string]
        Tmpfs: containerPath! size:int! mountOptions:[string]
        Secret: name! valueFrom!
        ContainerDependency: containerName! condition!
        HostEntry: hostname! ipAddress!
        Ulimit: name! softLimit:int! hardLimit:int!
        LogConfiguration: logDriver! options:{} secretOptions:[Secret]
        HealthCheck: command:[string]! interval:int timeout:int retries:int startPeriod:int
        SystemControl: namespace value
        ResourceRequirement: value! type!
        FirelensConfiguration: type! options:{}
        Volume: name host:HostVolumeProperties dockerVolumeConfiguration:DockerVolumeConfiguration efsVolumeConfiguration:EFSVolumeConfiguration s3filesVolumeConfiguration:S3FilesVolumeConfiguration fsxWindowsFileServerVolumeConfiguration:FSxWindowsFileServerVolumeConfiguration configuredAtLaunch:bool
        HostVolumeProperties: sourcePath
        DockerVolumeConfiguration: scope autoprovision:bool driver driverOpts:{} labels:{}
        EFSVolumeConfiguration: fileSystemId! rootDirectory transitEncryption transitEncryptionPort:int authorizationConfig:EFSAuthorizationConfig
        EFSAuthorizationConfig: accessPointId iam
        S3FilesVolumeConfiguration: fileSystemArn! rootDirectory transitEncryptionPort:int accessPointArn
        FSxWindowsFileServerVolumeConfiguration: fileSystemId! rootDirectory! authorizationConfig:FSxWindowsFileServerAuthorizationConfig!
        FSxWindowsFileServerAuthorizationConfig: credentialsParameter! domain!
        TaskDefinitionPlacementConstraint: type expression
        Tag: key value
        ProxyConfiguration: type containerName! properties:[KeyValuePair]
        InferenceAccelerator: deviceName! deviceType!
        EphemeralStorage: sizeInGiB:int!
        RuntimePlatform: cpuArchitecture operatingSystemFamily
        """;

    /// <summary>Structure → its members by name.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, Member>> Structures { get; } =
        Table.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(": ", 2))
            .ToDictionary(
                parts => parts[0],
                parts => (IReadOnlyDictionary<string, Member>)parts[1].Split(' ').Select(MemberOf).ToDictionary(member => member.Name, StringComparer.Ordinal),
                StringComparer.Ordinal);

    private static Member MemberOf(string text)
    {
        var parts = text.TrimEnd('!').Split(':');
        return new(parts[0], TypeOf(parts.Length > 1 ? parts[1] : "string"), text.EndsWith('!'));
    }

    private static MemberType TypeOf(string text) => text switch
    {
        "string" => new MemberType.Scalar(ScalarKind.Text),
        "int" => new MemberType.Scalar(ScalarKind.Integer),
        "bool" => new MemberType.Scalar(ScalarKind.Flag),
        "size" => new MemberType.Scalar(ScalarKind.Size),
        "{}" => new MemberType.Map(),
        ['[', .. var element, ']'] => new MemberType.List(TypeOf(element)),
        _ => new MemberType.Structure(text),
    };
}

using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Registry;
using EcsRelease.TaskDefinitions;
using EcsRelease.TaskDefinitions.Files;

namespace EcsRelease.Verbs;

/// <summary>A service that was taken over into a project: the document of `init --json`. Its shape is a promise, additions only.</summary>
public sealed record Adoption
{
    public int Schema { get; init; } = 1;

    public required string Version { get; init; }

    public required string Target { get; init; }

    public required string Account { get; init; }

    public required string Region { get; init; }

    public required string Cluster { get; init; }

    public required string Service { get; init; }

    /// <summary>ARN of the revision that was written down.</summary>
    public required string TaskDefinition { get; init; }

    /// <summary>The container that a release gives its image.</summary>
    public required string Container { get; init; }

    /// <summary>Full path of the task definition file.</summary>
    public required string File { get; init; }

    /// <summary>Full path of the project file.</summary>
    public required string Project { get; init; }

    /// <summary>What was set in the project; empty when its defaults, or what it says already, fit.</summary>
    public required IReadOnlyList<NameValue> Properties { get; init; }

    public IReadOnlyList<Notice> Warnings { get; init; } = [];

    /// <summary>The command that shows what a release would change now.</summary>
    public required string Next { get; init; }
}

/// <summary>Writes `ecs-task-definition.json` beside a project, and into the project what finds the service, so that the
/// first plan changes nothing but the image. In AWS nothing is changed.</summary>
/// <param name="options">With the flags of this run.</param>
/// <param name="own">As the project alone has them.</param>
public sealed class Init(ReleaseOptions options, ReleaseOptions own, ProjectInfo project, IReleaseTarget target)
{
    private readonly string _service = options.Service ?? ReleaseNames.Kebab(project.AssemblyName);

    /// <param name="force">Overwrite a file and values that are there.</param>
    /// <exception cref="EcsReleaseException">ECSR4006, 4010, 5105, 5154, 5162, 5163, 5164; nothing was written. ECSR5165.</exception>
    public Task<Adoption> RunAsync(bool force, CancellationToken cancellationToken) =>
        Explained.RunAsync($"{options.Cluster}/{_service}", () => AdoptAsync(force, cancellationToken));

    private async Task<Adoption> AdoptAsync(bool force, CancellationToken cancellationToken)
    {
        using var access = await target.ConnectAsync(cancellationToken);
        var live = await LiveRelease.ReadAsync(access.Ecs, options with { StopAfter = StopAfterStep.None }, _service, access, cancellationToken);
        if (live.Service is null)
            throw Errors.ServiceMissing(_service, options.Cluster);
        if (live.Revision.Object("taskDefinition") is not { } definition)
            throw Errors.NothingToCompare(_service, options.Cluster);
        var container = RevisionJson.ContainerOf(definition, options.Container, "live");

        var name = container.Text("name")!;
        var file = Path.Combine(project.Directory, ReleaseNames.DefinitionFile);
        var text = DefinitionText.Of(live.Revision!, name);
        if (!force && File.Exists(file) && await File.ReadAllTextAsync(file, cancellationToken) != text)
            throw Errors.InitWouldOverwrite(file, "is there with other content");
        var properties = await PropertiesAsync(access, definition, name, container.Text("image") ?? "", cancellationToken);
        var before = await File.ReadAllBytesAsync(project.ProjectFile, cancellationToken);
        var after = ProjectProperties.With(project.ProjectFile, before, properties, force);

        // Nothing is refused any more.
        await WriteAsync(file, Encoding.UTF8.GetBytes(text));
        if (!after.AsSpan().SequenceEqual(before))
            await WriteAsync(project.ProjectFile, after);
        return new Adoption
        {
            Version = EngineVersion.Current,
            Target = target.Name,
            Account = access.Account,
            Region = access.Region,
            Cluster = options.Cluster,
            Service = _service,
            TaskDefinition = definition.Text("taskDefinitionArn") ?? "",
            Container = name,
            File = file,
            Project = project.ProjectFile,
            Properties = properties,
            Warnings = await WarningsAsync(live.Revision!, access, cancellationToken),
            Next = Next(),
        };
    }

    // Not cancelled half-way: a file is whole, or as it was.
    private static async Task WriteAsync(string file, byte[] content)
    {
        try
        {
            await File.WriteAllBytesAsync(file, content, CancellationToken.None);
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            throw Errors.InitNotWritten(file, denied.Message);
        }
    }

    /// <summary>Only where the defaults, and what the project says already, lead elsewhere. The family is in the file.</summary>
    private async Task<IReadOnlyList<NameValue>> PropertiesAsync(AwsAccess access, JsonObject definition, string container, string image, CancellationToken cancellationToken)
    {
        var kebab = ReleaseNames.Kebab(project.AssemblyName);
        List<NameValue> properties = [];
        void Add(string property, string wanted, string without)
        {
            if (wanted != without)
                properties.Add(new(property, wanted));
        }
        Add("EcsCluster", options.Cluster, own.Cluster);
        Add("EcsService", _service, own.Service ?? kebab);
        if (await RepositoryAsync(access, image, cancellationToken) is { } repository)
            Add("EcrRepository", repository, own.Repository ?? kebab);
        if (own.Container is not null || NeedsName(definition))
            Add("EcsContainer", container, own.Container ?? "");
        Add("EcsTaskDefinition", "auto", own.TaskDefinition == "file:" + ReleaseNames.DefinitionFile ? "auto" : own.TaskDefinition);
        return properties;
    }

    private static bool NeedsName(JsonObject definition) =>
        definition.Objects("containerDefinitions").Count() > 1 && definition.Objects("containerDefinitions").Count(each => each.Flag("essential") ?? true) != 1;

    /// <summary>As EcrRepository takes it; null when the image is in no ECR repository.</summary>
    private static async Task<string?> RepositoryAsync(AwsAccess access, string image, CancellationToken cancellationToken)
    {
        var uri = ImageName.Repository(image);
        if (EcrAddress.Parse(uri) is { } address)
            return address.Account == access.Account && address.Region == access.Region ? address.Repository : uri;
        // Without a host it is an image of Docker Hub.
        var slash = uri.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || uri.AsSpan(0, slash).IndexOfAny('.', ':') < 0)
            return null;
        var name = uri[(slash + 1)..];
        try
        {
            // Where ECR has another address (AWS_ENDPOINT_URL), only ECR knows that the host is its own.
            var answer = await access.Ecr.DescribeRepositoriesAsync(new() { ["repositoryNames"] = new JsonArray(name) }, cancellationToken);
            return answer.Objects("repositories").Any(found => found.Text("repositoryUri") == uri) ? name : null;
        }
        catch (AwsServiceException e) when (e.ErrorCode is "RepositoryNotFoundException" or "InvalidParameterException" || e.IsAccessDenied)
        {
            // An image of another registry: a release pushes to ECR, under its default name.
            return null;
        }
    }

    /// <summary>What the file says when it is read back: secrets that were plain in AWS are now in a file to be committed.</summary>
    private async Task<IReadOnlyList<Notice>> WarningsAsync(JsonObject revision, AwsAccess access, CancellationToken cancellationToken)
    {
        var read = await TaskDefinitionSource.ResolveAsync(new DefinitionInputs
        {
            Options = own with { TaskDefinition = "auto", Container = options.Container ?? own.Container },
            Service = _service,
            ProjectDirectory = project.Directory,
            Region = access.Region,
            Architecture = target.Defaults.Architecture,
            LiveRevision = revision,
        }, cancellationToken);
        return read.Warnings;
    }

    private string Next()
    {
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, project.ProjectFile);
        var command = $"ecs-release diff {ShellWord.Of(relative)}";
        if (options.Target != own.Target)
            return $"{command} --target {options.Target.Word()}";
        (string Flag, string? Value, string? Own)[] flags =
            [("--region", options.Region, own.Region), ("--profile", options.Profile, own.Profile), ("--role-arn", options.RoleArn, own.RoleArn)];
        return string.Concat([command, .. flags.Where(flag => flag.Value is not null && flag.Value != flag.Own).Select(flag => $" {flag.Flag} {ShellWord.Of(flag.Value!)}")]);
    }
}

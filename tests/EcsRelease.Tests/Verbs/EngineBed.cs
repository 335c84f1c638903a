using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Tests.Git;
using EcsRelease.Tests.Tool;
using EcsRelease.Verbs;

namespace EcsRelease.Tests.Verbs;

/// <summary>The engine on a real repository against a local AWS of its own (a process, runtime `none`: tasks only go
/// through their states). What is published is a folder; its base is made once for all tests.</summary>
internal sealed partial class EngineBed : IAsyncDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("ecs-release-home-");
    private readonly Process _server;
    private readonly AwsHttp _http = new(TimeProvider.System, useProxy: false);
    private readonly HttpClient _admin = new(new SocketsHttpHandler { UseProxy = false });

    private EngineBed(Process server) => _server = server;

    public TemporaryRepository Repository { get; } = TemporaryRepository.Create();

    public RecordingReporter Reporter { get; } = new();

    public AmazonEcsClient Ecs { get; private set; } = null!;

    /// <summary>The calls of releases and plans, those of tests left out: `ecs:UpdateService` and the request.</summary>
    public ConcurrentQueue<(string Operation, JsonObject Request)> Calls { get; } = new();

    /// <param name="settings">`ECS_RELEASE_LOCAL_…` of the local AWS, beside those of every bed.</param>
    public static async Task<EngineBed> StartAsync(params IEnumerable<(string Name, string Value)> settings)
    {
        var bed = new EngineBed(new Process());
        try
        {
            bed.Serve(settings);
            bed.Ecs = (await bed.Target().ConnectAsync(CancellationToken.None)).Ecs;
            bed.Commit("first");
            return bed;
        }
        catch
        {
            await bed.DisposeAsync();
            throw;
        }
    }

    /// <summary>Commits a change of the service.</summary>
    /// <returns>The commit's SHA.</returns>
    public string Commit(string subject)
    {
        Repository.Write("Orders.cs", $"// {subject}");
        return Repository.Commit(subject);
    }

    public Task<ReleaseRecord> ReleaseAsync(ReleaseOptions? options = null) => ReleaseAsync(options, CancellationToken.None);

    public Task<ReleaseRecord> ReleaseAsync(ReleaseOptions? options, CancellationToken cancellationToken) =>
        ReleaseAsync(options, () => Task.CompletedTask, cancellationToken);

    /// <param name="afterPlan">What somebody else does between the plan and the rest, while an image would be built.</param>
    public async Task<ReleaseRecord> ReleaseAsync(ReleaseOptions? options, Func<Task> afterPlan, CancellationToken cancellationToken = default)
    {
        var release = Release(options);
        try
        {
            var plan = await release.PlanAsync(cancellationToken);
            await afterPlan();
            return await RunAsync(release, plan, cancellationToken);
        }
        catch (EcsReleaseException e)
        {
            return release.RecordOf(e);
        }
    }

    /// <summary>The plan alone. Its clients end with the test.</summary>
    public Task<ReleasePlan> PlanAsync(ReleaseOptions? options = null) => Release(options).PlanAsync(CancellationToken.None);

    /// <summary>What a saved plan allows.</summary>
    public async Task<ReleaseRecord> ReleaseAsync(SavedPlan saved, ReleaseOptions? options = null, Func<Task>? afterPlan = null)
    {
        var release = Release(options, saved.File);
        try
        {
            var plan = saved.Bind(await release.PlanAsync(CancellationToken.None));
            await (afterPlan?.Invoke() ?? Task.CompletedTask);
            return await RunAsync(release, plan, CancellationToken.None);
        }
        catch (EcsReleaseException e)
        {
            return release.RecordOf(e);
        }
    }

    public Task<ReleaseRecord> RunAsync(Release release, ReleasePlan plan, CancellationToken cancellationToken) =>
        release.RunAsync(plan, new FolderPublisher(Repository.Root) { Container = Container }, cancellationToken);

    /// <summary>Settings of the images that are built.</summary>
    public ContainerSettings Container { get; set; } = new() { BaseImage = "registry.invalid/dotnet/aspnet:10.0", RuntimeIdentifiers = [] };

    /// <summary>A client for any operation of a JSON service, as another user of the account has it.</summary>
    public IJsonService Client(AwsService service)
    {
        var server = Server();
        var endpoint = new Uri((string)server["endpoint"]!);
        var credentials = new BasicAWSCredentials((string?)server["accessKeyId"], (string?)server["secretAccessKey"]);
        return WireClient.For(service, endpoint, "us-east-1", credentials, _http, TimeProvider.System);
    }

    /// <summary>ARNs of the ACTIVE revisions, newest first.</summary>
    public async Task<IReadOnlyList<string>> RevisionsAsync()
    {
        var listed = await Ecs.ListTaskDefinitionsAsync(new() { ["familyPrefix"] = "orders", ["status"] = "ACTIVE", ["sort"] = "DESC" }, CancellationToken.None);
        return [.. listed["taskDefinitionArns"]!.AsArray().Select(arn => (string)arn!)];
    }

    public async Task<JsonObject> RevisionAsync(string arn) =>
        await Ecs.DescribeTaskDefinitionAsync(new() { ["taskDefinition"] = arn, ["include"] = new JsonArray("TAGS") }, CancellationToken.None);

    /// <summary>How many deployments the service ever had.</summary>
    public async Task<int> DeploymentsAsync()
    {
        var listed = await Ecs.ListServiceDeploymentsAsync(new() { ["service"] = "orders" }, CancellationToken.None);
        return listed["serviceDeployments"]!.AsArray().Count;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            _server.Kill(entireProcessTree: true);
            await _server.WaitForExitAsync();
        }
        catch (InvalidOperationException)
        {
            // It never started.
        }
        _server.Dispose();
        _http.Dispose();
        _admin.Dispose();
        _home.Delete(recursive: true);
        Repository.Dispose();
    }

    /// <summary>A release for tests that look at it between its plan and its end. One that never gets its turn fails soon.</summary>
    public Release Release(ReleaseOptions? options = null, string? planFile = null) => new(
        Impatient(options ?? new()), new ProjectInfo { ProjectFile = Path.Combine(Repository.Root, "Orders.csproj"), AssemblyName = "Orders" },
        Reporter, TimeProvider.System, Recorded(), new StateFolder(ImageCache.Folder)) { PlanFile = planFile };

    private static ReleaseOptions Impatient(ReleaseOptions options) =>
        options.Timeout == new ReleaseOptions().Timeout ? options with { Timeout = TimeSpan.FromMinutes(1) } : options;

    /// <summary>The local AWS, with every call in <see cref="Calls"/>.</summary>
    public RecordedTarget Recorded() => new(Target(), Client, Calls);

    public LocalTarget Target() => new(
        new LocalAwsProgram(_ => null, AppContext.BaseDirectory, Repository.Root), TimeProvider.System, Reporter,
        name => name == "ECS_RELEASE_HOME" ? _home.FullName : null);

    private void Serve(IEnumerable<(string Name, string Value)> settings)
    {
        var program = new LocalAwsProgram(_ => null, AppContext.BaseDirectory, Repository.Root).Find();
        _server.StartInfo = new(program.FileName, [.. program.Arguments, "serve"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        _server.StartInfo.Environment["ECS_RELEASE_HOME"] = _home.FullName;
        _server.StartInfo.Environment["ECS_RELEASE_LOCAL_RUNTIME"] = "none";
        _server.StartInfo.Environment["ECS_RELEASE_LOCAL_HEALTHY_AFTER"] = "50ms";
        foreach (var (name, value) in settings)
            _server.StartInfo.Environment[$"ECS_RELEASE_LOCAL_{name}"] = value;
        _server.Start();
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();
        SpinWait.SpinUntil(() => File.Exists(Path.Combine(_home.FullName, "local", "server.json")) || _server.HasExited, TimeSpan.FromSeconds(60));
        _server.HasExited.Should().BeFalse("the local AWS should run");
    }
}

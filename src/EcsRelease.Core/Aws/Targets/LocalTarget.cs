using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Amazon.Runtime;

namespace EcsRelease.Aws.Targets;

/// <summary>The embedded local AWS: found or started here, AWS from then on. Account, profile, role and region of the
/// options do not count, nor those of a repository's address; it has its own.</summary>
internal sealed class LocalTarget : IReleaseTarget
{
    private readonly LocalAwsProgram _program;
    private readonly TimeProvider _time;
    private readonly IReporter? _reporter;
    private readonly Func<string, string?> _environment;
    private LocalAwsServer? _server;

    public LocalTarget(LocalAwsProgram program, TimeProvider time, IReporter? reporter, Func<string, string?> environment)
    {
        _program = program;
        _time = time;
        _reporter = reporter;
        _environment = environment;
    }

    public string Name => "local";

    public TargetDefaults Defaults { get; } = new()
    {
        CreateRepository = true,
        CreateService = true,
        CreateLogGroup = true,
        MayUseLocalBase = true,
        HasOneRegistry = true,
        Architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "ARM64" : "X86_64",
        ExecutionRole = "arn:aws:iam::000000000000:role/ecsTaskExecutionRole",
        Subnets = ["subnet-00000000000000000"],
    };

    private string Home => StateFolder.Find(_environment).Local;

    public async Task<AwsAccess> ConnectAsync(CancellationToken cancellationToken)
    {
        var server = await ServerAsync(cancellationToken);
        if (Release(server.Version) != Release(EngineVersion.Current))
            _reporter?.Warn(Errors.LocalAwsVersionDiffers(server.Version, EngineVersion.Current));
        var connections = new AwsConnections(_time, useProxy: false);
        var credentials = new BasicAWSCredentials(server.AccessKeyId, server.SecretAccessKey);
        IJsonService Client(AwsService service) => connections.Client(service, server.Endpoint, server.Region, credentials);
        return new AwsAccess
        {
            Account = server.Account,
            Region = server.Region,
            CallerArn = $"arn:aws:iam::{server.Account}:root",
            Ecs = new AmazonEcsClient(Client(AwsService.Ecs)),
            Ecr = new AmazonEcrClient(Client(AwsService.Ecr)),
            Logs = new AmazonCloudWatchLogsClient(Client(AwsService.CloudWatchLogs)),
            Iam = new AmazonIamClient(Client(AwsService.Iam)),
            Elb = new AmazonElasticLoadBalancingV2Client(Client(AwsService.ElasticLoadBalancingV2)),
            Alarms = new AmazonCloudWatchClient(Client(AwsService.CloudWatch)),
            Ssm = new AmazonSsmClient(Client(AwsService.Ssm)),
            Secrets = new AmazonSecretsManagerClient(Client(AwsService.SecretsManager)),
            Events = new AmazonEventBridgeClient(Client(AwsService.EventBridge)),
            Scheduler = new AmazonSchedulerClient(Client(AwsService.Scheduler)),
            Connections = connections,
        };
    }

    public Task CheckSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) =>
        SecretsAsync(secrets, project, cancellationToken);

    public async Task ProvideSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken)
    {
        var values = await SecretsAsync(secrets, project, cancellationToken);
        if (values.Count == 0)
            return;
        var server = await ServerAsync(cancellationToken);
        using var http = Direct();
        using var answer = await server.SendAsync(http, HttpMethod.Post, "/_local/secrets", new JsonObject { ["values"] = values }, cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw Errors.LocalAwsRefused("POST /_local/secrets", (int)answer.StatusCode);
    }

    public async Task<IReadOnlyList<string>> EndpointsAsync(string cluster, string service, CancellationToken cancellationToken)
    {
        var server = await ServerAsync(cancellationToken);
        var path = $"/_local/services/{Uri.EscapeDataString(cluster.Split('/')[^1])}/{Uri.EscapeDataString(service.Split('/')[^1])}";
        using var http = Direct();
        using var answer = await server.SendAsync(http, HttpMethod.Get, path, null, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound)
            return [];
        if (!answer.IsSuccessStatusCode)
            throw Errors.LocalAwsRefused($"GET {path}", (int)answer.StatusCode);
        var description = await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        return (string?)description?["address"] is { Length: > 0 } address ? [address] : [];
    }

    private async Task<JsonObject> SecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken)
    {
        var values = new JsonObject();
        if (secrets.Count == 0)
            return values;
        var stored = await UserSecrets.ReadAsync(project.UserSecretsId, _environment, cancellationToken);
        foreach (var secret in secrets)
            values[secret.Value] = stored.Find(secret.Name) ?? throw Errors.LocalSecretMissing(secret.Name, project.ProjectFile);
        return values;
    }

    private async Task<LocalAwsServer> ServerAsync(CancellationToken cancellationToken)
    {
        if (_server is not null)
            return _server;
        if (await RunningAsync(cancellationToken) is { } running)
            return _server = running;
        await LocalAwsStart.RunAsync(_program.Find(), Home, _time, cancellationToken);
        return _server = await RunningAsync(cancellationToken)
            ?? throw Errors.LocalAwsFailed($"it said that it runs, but '{Path.Combine(Home, "server.json")}' names no server that answers", Home);
    }

    private async Task<LocalAwsServer?> RunningAsync(CancellationToken cancellationToken)
    {
        using var http = Direct();
        return await LocalAwsServer.ReadAsync(Home, cancellationToken) is { } server && await server.IsAliveAsync(http, _time, cancellationToken) ? server : null;
    }

    private static HttpClient Direct() => new(new SocketsHttpHandler { UseProxy = false, UseCookies = false });

    private static string Release(string version) => string.Join('.', version.Split('.').Take(2));
}

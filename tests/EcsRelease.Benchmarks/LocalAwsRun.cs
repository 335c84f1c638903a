using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;

namespace EcsRelease.Benchmarks;

/// <summary>A local AWS of the benchmark's own: a process of its own, its state in a temporary folder, runtime `none`
/// (tasks only go through their states). It ends with the benchmark.</summary>
internal sealed class LocalAwsRun : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("ecs-release-benchmark-");
    private readonly AwsHttp _http = new(TimeProvider.System, useProxy: false);
    private readonly List<IDisposable> _clients = [];
    private readonly Process _process = new();
    private bool _isStarted;
    private JsonNode _server = new JsonObject();

    private LocalAwsRun()
    {
    }

    private string Region => (string)_server["region"]!;

    /// <param name="healthyAfter">How long a task runs until it counts as healthy; on AWS 40 s.</param>
    /// <param name="settings">`ECS_RELEASE_LOCAL_…`, beside those of every benchmark.</param>
    public static async Task<LocalAwsRun> StartAsync(TimeSpan healthyAfter, CancellationToken cancellationToken, params IReadOnlyList<(string Name, string Value)> settings)
    {
        var run = new LocalAwsRun();
        try
        {
            await run.ServeAsync(healthyAfter, settings, cancellationToken);
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    public IJsonService Client(AwsService service)
    {
        var endpoint = new Uri((string)_server["endpoint"]!);
        var credentials = new BasicAWSCredentials((string)_server["accessKeyId"]!, (string)_server["secretAccessKey"]!);
        var client = WireClient.For(service, endpoint, Region, credentials, _http, TimeProvider.System);
        _clients.Add(client);
        return client;
    }

    /// <param name="client">Makes the client of a service.</param>
    public AwsAccess Access(Func<AwsService, IJsonService> client) => new()
    {
        Account = (string)_server["account"]!,
        Region = Region,
        CallerArn = $"arn:aws:iam::{_server["account"]}:root",
        Ecs = new AmazonEcsClient(client(AwsService.Ecs)),
        Ecr = new AmazonEcrClient(client(AwsService.Ecr)),
        Logs = new AmazonCloudWatchLogsClient(client(AwsService.CloudWatchLogs)),
        Iam = new AmazonIamClient(client(AwsService.Iam)),
        Elb = new AmazonElasticLoadBalancingV2Client(client(AwsService.ElasticLoadBalancingV2)),
        Alarms = new AmazonCloudWatchClient(client(AwsService.CloudWatch)),
        Ssm = new AmazonSsmClient(client(AwsService.Ssm)),
        Secrets = new AmazonSecretsManagerClient(client(AwsService.SecretsManager)),
        Events = new AmazonEventBridgeClient(client(AwsService.EventBridge)),
        Scheduler = new AmazonSchedulerClient(client(AwsService.Scheduler)),
    };

    /// <summary>Leads another program here, and away from the user's own settings.</summary>
    public void Lead(ProcessStartInfo program)
    {
        foreach (var name in program.Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).ToList())
            program.Environment.Remove(name);
        program.Environment["AWS_ENDPOINT_URL"] = (string?)_server["endpoint"];
        program.Environment["AWS_ACCESS_KEY_ID"] = (string?)_server["accessKeyId"];
        program.Environment["AWS_SECRET_ACCESS_KEY"] = (string?)_server["secretAccessKey"];
        program.Environment["AWS_DEFAULT_REGION"] = Region;
        program.Environment["AWS_CONFIG_FILE"] = Path.Combine(_home.FullName, "none");
        program.Environment["AWS_SHARED_CREDENTIALS_FILE"] = Path.Combine(_home.FullName, "none");
        program.Environment["NO_PROXY"] = "127.0.0.1";
    }

    public async ValueTask DisposeAsync()
    {
        if (_isStarted)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
        _clients.ForEach(client => client.Dispose());
        _http.Dispose();
        _home.Delete(recursive: true);
    }

    private async Task ServeAsync(TimeSpan healthyAfter, IReadOnlyList<(string Name, string Value)> settings, CancellationToken cancellationToken)
    {
        var program = new LocalAwsProgram(_ => null, AppContext.BaseDirectory, _home.FullName).Find();
        _process.StartInfo = new(program.FileName, [.. program.Arguments, "serve"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        _process.StartInfo.Environment["ECS_RELEASE_HOME"] = _home.FullName;
        _process.StartInfo.Environment["ECS_RELEASE_LOCAL_RUNTIME"] = "none";
        _process.StartInfo.Environment["ECS_RELEASE_LOCAL_HEALTHY_AFTER"] = healthyAfter.TotalMilliseconds.ToString("0'ms'", CultureInfo.InvariantCulture);
        foreach (var (name, value) in settings)
            _process.StartInfo.Environment[$"ECS_RELEASE_LOCAL_{name}"] = value;
        // Were the benchmark killed, it would end by itself.
        _process.StartInfo.Environment["ECS_RELEASE_LOCAL_IDLE"] = "10m";
        _isStarted = _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        var file = Path.Combine(_home.FullName, "local", "server.json");
        for (var limit = Stopwatch.StartNew(); !File.Exists(file); await Task.Delay(20, cancellationToken))
            if (_process.HasExited || limit.Elapsed > s_startLimit)
                throw new InvalidOperationException("The local AWS did not start.");
        _server = JsonNode.Parse(await File.ReadAllTextAsync(file, cancellationToken))!;
    }
}

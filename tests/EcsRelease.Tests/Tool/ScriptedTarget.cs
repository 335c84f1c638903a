using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Tests.Aws;
using EcsRelease.Tests.Deployments;

namespace EcsRelease.Tests.Tool;

/// <summary>An account whose ECS answers from a script.</summary>
internal sealed class ScriptedTarget(string script) : IReleaseTarget
{
    private readonly ScriptedService service = new((JsonObject)JsonNode.Parse(script)!);

    public string Name => "aws";

    public IReadOnlyList<(string Operation, JsonObject Request)> Calls => service.Calls;

    public IEnumerable<string> Operations => service.Calls.Select(call => call.Operation);

    public JsonObject RequestOf(string operation) => service.Calls.Single(call => call.Operation == operation).Request;

    /// <summary>Why the addresses cannot be read; null = they can.</summary>
    public Exception? EndpointsFault { get; init; }

    public TargetDefaults Defaults { get; } = new() { CreateRepository = false, CreateService = false, CreateLogGroup = false, MayUseLocalBase = false, Architecture = "X86_64" };

    public Task<AwsAccess> ConnectAsync(CancellationToken cancellationToken) => Task.FromResult(ScriptedAccess.Over(service) with { Connections = new Open(this) });

    public Task CheckSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>How many accesses were made and not ended.</summary>
    public int OpenAccesses { get; private set; }

    private sealed class Open : IDisposable
    {
        private readonly ScriptedTarget _target;

        public Open(ScriptedTarget target)
        {
            _target = target;
            _target.OpenAccesses++;
        }

        public void Dispose() => _target.OpenAccesses--;
    }

    public Task ProvideSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<string>> EndpointsAsync(string cluster, string service, CancellationToken cancellationToken) =>
        EndpointsFault is null ? Task.FromResult<IReadOnlyList<string>>([$"http://{service}.example"]) : throw EndpointsFault;
}

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;

namespace EcsRelease.Benchmarks;

/// <summary>The local AWS of a benchmark as a target; each call to it is counted as it is sent.</summary>
internal sealed class CountingTarget(LocalAwsRun server, TimeProvider time) : IReleaseTarget
{
    private readonly TimeProvider _time = time;
    private readonly long _startedAt = time.GetTimestamp();
    private readonly ConcurrentQueue<(TimeSpan At, string Operation)> _calls = [];

    public string Name => "local";

    public int Calls => _calls.Count;

    /// <summary>From the first call to the last.</summary>
    public double Seconds => _calls.IsEmpty ? 0 : (_calls.Max(call => call.At) - _calls.Min(call => call.At)).TotalSeconds;

    public IEnumerable<(string Operation, int Calls)> ByOperation => _calls.CountBy(call => call.Operation).OrderByDescending(each => each.Value).Select(each => (each.Key, each.Value));

    private int _throttled;

    /// <summary>What is missing is made, as on the local target; else it has to be there.</summary>
    public bool IsMaking { get; init; }

    /// <summary>Calls that were refused as one too many, beyond what the SDK asked again by itself.</summary>
    public int Throttled => _throttled;

    public TargetDefaults Defaults => new()
    {
        CreateRepository = IsMaking,
        CreateService = IsMaking,
        CreateLogGroup = IsMaking,
        MayUseLocalBase = IsMaking,
        HasOneRegistry = IsMaking,
        Architecture = "X86_64",
        ExecutionRole = IsMaking ? "arn:aws:iam::000000000000:role/ecsTaskExecutionRole" : null,
        Subnets = IsMaking ? ["subnet-00000000000000000"] : [],
    };

    /// <summary>The most calls that any window of one second holds, wherever it begins.</summary>
    public int MostInASecond()
    {
        var sorted = _calls.Select(call => call.At).Order().ToList();
        var (most, first) = (0, 0);
        for (var last = 0; last < sorted.Count; last++)
        {
            while (sorted[last] - sorted[first] >= TimeSpan.FromSeconds(1))
                first++;
            most = Math.Max(most, last - first + 1);
        }
        return most;
    }

    public Task<AwsAccess> ConnectAsync(CancellationToken cancellationToken) =>
        Task.FromResult(server.Access(service => new Counter(this, server.Client(service))));

    public Task CheckSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ProvideSecretsAsync(IReadOnlyList<NameValue> secrets, ProjectInfo project, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlyList<string>> EndpointsAsync(string cluster, string service, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);

    private sealed class Counter(CountingTarget target, IJsonService service) : IJsonService
    {
        public async Task<JsonObject> CallAsync(string operation, JsonObject request, CancellationToken cancellationToken)
        {
            target._calls.Enqueue((target._time.GetElapsedTime(target._startedAt), operation));
            try
            {
                return await service.CallAsync(operation, request, cancellationToken);
            }
            catch (AwsServiceException refused) when (refused.IsThrottled)
            {
                Interlocked.Increment(ref target._throttled);
                throw;
            }
        }
    }
}

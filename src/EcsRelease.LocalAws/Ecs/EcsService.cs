using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

internal delegate JsonObject EcsOperation(JsonObject input, AwsCaller caller);

/// <summary>The operations of one kind of resource, by name.</summary>
internal interface IEcsOperations
{
    IReadOnlyDictionary<string, EcsOperation> Operations { get; }
}

/// <summary>Amazon ECS, API version 2014-11-13. Each operation is one transaction.</summary>
internal sealed class EcsService(EcsStore store, IEnumerable<IEcsOperations> groups) : IAwsJsonService
{
    private readonly Dictionary<string, EcsOperation> _operations =
        groups.SelectMany(group => group.Operations).ToDictionary(operation => operation.Key, operation => operation.Value);

    public string TargetPrefix => "AmazonEC2ContainerServiceV20141113";

    public Task<JsonObject> InvokeAsync(string operation, JsonObject input, AwsCaller caller, CancellationToken cancellationToken) =>
        _operations.TryGetValue(operation, out var run)
            ? Task.FromResult(store.InTransaction(() => run(input, caller)))
            : throw EcsErrors.UnknownOperation(operation);
}

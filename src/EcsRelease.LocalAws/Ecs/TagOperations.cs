using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

internal sealed class TagOperations(EcsStore store, TaskDefinitionOperations definitions) : IEcsOperations
{
    public IReadOnlyDictionary<string, EcsOperation> Operations => new Dictionary<string, EcsOperation>
    {
        ["TagResource"] = Tag,
        ["UntagResource"] = Untag,
        ["ListTagsForResource"] = List,
    };

    private JsonObject Tag(JsonObject input, AwsCaller caller)
    {
        var resource = Find(input);
        resource.Tags = Tags.Merge(resource.Tags, [.. Tags.Of(input).Select(tag => tag!.AsObject())]);
        store.Save(resource);
        return [];
    }

    private JsonObject Untag(JsonObject input, AwsCaller caller)
    {
        var resource = Find(input);
        var keys = input.Texts("tagKeys");
        resource.Tags = resource.Tags.Where(tag => !keys.Contains(tag!.AsObject().Text("key")!)).Select(tag => tag!.DeepClone()).ToJsonArray();
        store.Save(resource);
        return [];
    }

    private JsonObject List(JsonObject input, AwsCaller caller) => new() { ["tags"] = Find(input).Tags.DeepClone() };

    private EcsDocument Find(JsonObject input)
    {
        var arn = input.Text("resourceArn") ?? "";
        if (EcsNames.ResourceParts(arn, "cluster") is [var cluster])
            return store.Find(EcsStore.Clusters, cluster) ?? throw EcsErrors.ClusterNotFound();
        if (EcsNames.ResourceParts(arn, "service") is { Length: 2 } service)
            return store.Find(EcsStore.Services, string.Join('/', service)) ?? throw EcsErrors.ServiceNotFound();
        if (EcsNames.ResourceParts(arn, "task") is [var taskCluster, var id])
            return store.FindTask(taskCluster, id) ?? throw EcsErrors.InvalidParameter("The specified task is not found."); // constructed
        if (EcsNames.ResourceParts(arn, "task-definition") is [_])
            return definitions.Find(arn) ?? throw EcsErrors.InvalidParameter("The specified task definition is not found."); // constructed
        throw EcsErrors.InvalidParameter("Invalid ARN: " + arn);
    }
}

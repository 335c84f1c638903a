using System.Globalization;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>The documents of ECS. Keys: cluster; family/revision; cluster/service; cluster/service/number; cluster/bucket/task.</summary>
internal sealed class EcsStore(IDocumentStore documents)
{
    public const string Clusters = "ecs-cluster";
    public const string TaskDefinitions = "ecs-task-definition";
    public const string Services = "ecs-service";
    public const string ServiceDeployments = "ecs-service-deployment";
    public const string ServiceRevisions = "ecs-service-revision";
    public const string Tasks = "ecs-task";
    private const string TaskKeys = "ecs-task-key";

    public EcsDocument? Find(string kind, string key) => documents.Get(kind, key) is { } root ? new EcsDocument(root) : null;

    public IReadOnlyList<EcsDocument> List(string kind, string keyPrefix = "") =>
        [.. documents.List(kind, keyPrefix).Select(root => new EcsDocument(root))];

    public void Save(EcsDocument document) => documents.Put(document.Kind, document.Key, document.Root);

    public void Delete(EcsDocument document)
    {
        documents.Delete(document.Kind, document.Key);
        if (document.Kind == Tasks)
            documents.Delete(TaskKeys, IndexKey(document.Key));
    }

    public long Next(string sequence) => documents.Next(sequence);

    public T InTransaction<T>(Func<T> work) => documents.InTransaction(work);

    /// <param name="reference">An ARN, or family:revision.</param>
    public EcsDocument? FindTaskDefinition(string reference)
    {
        var name = EcsNames.LastPart(reference);
        var colon = name.LastIndexOf(':');
        return long.TryParse(name.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var revision) && colon > 0
            ? Find(TaskDefinitions, TaskDefinitionKey(name[..colon], revision))
            : null;
    }

    /// <summary>Order of keys is order of revisions.</summary>
    public static string TaskDefinitionKey(string family, long revision) => $"{family}/{EcsNames.Sortable(revision)}";

    /// <summary>Tasks lie under their service, so that a scheduler pass reads those of one service only.</summary>
    public EcsDocument AddTask(string cluster, string bucket, string id, JsonObject shape)
    {
        var key = $"{cluster}/{bucket}/{id}";
        documents.Put(TaskKeys, $"{cluster}/{id}", new JsonObject { ["key"] = key });
        return new EcsDocument(Tasks, key, shape);
    }

    public EcsDocument? FindTask(string cluster, string id) =>
        documents.Get(TaskKeys, $"{cluster}/{id}") is { } index ? Find(Tasks, index["key"]!.GetValue<string>()) : null;

    private static string IndexKey(string taskKey)
    {
        var parts = taskKey.Split('/');
        return $"{parts[0]}/{parts[^1]}";
    }
}

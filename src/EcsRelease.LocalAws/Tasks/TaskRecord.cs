using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Ecs;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>The stored document of one task: each change raises its version and is told to the scheduler.</summary>
internal sealed class TaskRecord(string key, EcsStore store, IServiceScheduler scheduler, TimeProvider time)
{
    public string Key => key;

    public string Id => key[(key.LastIndexOf('/') + 1)..];

    /// <summary>cluster/service, or null for a task of RunTask.</summary>
    public string? Service
    {
        get
        {
            var owner = key[..key.LastIndexOf('/')];
            return owner.EndsWith("/" + TaskOperations.Standalone, StringComparison.Ordinal) ? null : owner;
        }
    }

    /// <summary>Members to be remembered beside the shape; they are stored with the next change.</summary>
    public ConcurrentDictionary<string, bool> Own { get; } = new();

    public EcsDocument Read() => store.Find(EcsStore.Tasks, key)!;

    public JsonObject Definition() => store.FindTaskDefinition(Read().Shape.Text("taskDefinitionArn")!)!.Shape;

    public void Move(string status, params ReadOnlySpan<string> stamps)
    {
        var names = stamps.ToArray();
        Change(shape =>
        {
            shape["lastStatus"] = status;
            foreach (var stamp in names)
                shape[stamp] ??= time.GetUtcNow().Stamp();
        });
    }

    public void ChangeContainer(string name, Action<JsonObject> change) =>
        Change(shape => change(shape.Objects("containers").Single(container => container.Text("name") == name)));

    public void Change(Action<JsonObject> change)
    {
        store.InTransaction(() =>
        {
            var document = Read();
            change(document.Shape);
            foreach (var (name, value) in Own)
                document.Own[name] = value;
            document.Shape["version"] = (document.Shape.Number("version") ?? 0) + 1;
            store.Save(document);
            return true;
        });
        if (Service is { } service)
            scheduler.Wake(service);
    }
}

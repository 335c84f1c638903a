using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

internal sealed class TaskDefinitionOperations(EcsStore store, TimeProvider time) : IEcsOperations
{
    private const string Active = "ACTIVE";
    private const string Inactive = "INACTIVE";
    private const string Deleting = "DELETE_IN_PROGRESS";

    public IReadOnlyDictionary<string, EcsOperation> Operations => new Dictionary<string, EcsOperation>
    {
        ["RegisterTaskDefinition"] = Register,
        ["DescribeTaskDefinition"] = Describe,
        ["ListTaskDefinitions"] = List,
        ["ListTaskDefinitionFamilies"] = ListFamilies,
        ["DeregisterTaskDefinition"] = Deregister,
        ["DeleteTaskDefinitions"] = Delete,
    };

    /// <summary>By ARN, family:revision, or family (its latest ACTIVE revision). Null when unknown.</summary>
    public EcsDocument? Find(string reference)
    {
        var name = EcsNames.LastPart(reference);
        return name.Contains(':', StringComparison.Ordinal)
            ? store.FindTaskDefinition(name)
            : store.List(EcsStore.TaskDefinitions, name + "/").LastOrDefault(definition => Status(definition) == Active);
    }

    /// <summary>Deleted revisions go for good once no service and no task uses them; their numbers are not used again.</summary>
    public void RemoveDeleted()
    {
        var deleting = store.List(EcsStore.TaskDefinitions).Where(definition => Status(definition) == Deleting).ToList();
        if (deleting.Count == 0)
            return;
        var used = store.List(EcsStore.Services).SelectMany(service => service.Shape.Objects("deployments")).Select(deployment => deployment.Text("taskDefinition"))
            .Concat(store.List(EcsStore.Tasks).Where(task => task.Shape.Text("lastStatus") != "STOPPED").Select(task => task.Shape.Text("taskDefinitionArn")))
            .ToHashSet();
        foreach (var definition in deleting.Where(definition => !used.Contains(definition.Shape.Text("taskDefinitionArn"))))
            store.Delete(definition);
    }

    private JsonObject Register(JsonObject input, AwsCaller caller)
    {
        var shape = input.DeepClone().AsObject();
        var tags = Tags.Of(input, emptyIsRefused: true);
        shape.Remove("tags");
        TaskDefinitionForm.Complete(shape);
        TaskDefinitionRules.Check(shape);
        var family = shape.Text("family")!;
        var revision = store.Next("task-definition/" + family);
        shape["taskDefinitionArn"] = caller.Arn($"task-definition/{family}:{revision.Invariant()}");
        shape["revision"] = revision;
        shape["status"] = Active;
        shape["requiresAttributes"] = new JsonArray();
        shape["compatibilities"] = TaskDefinitionRules.Compatibilities(shape).ToJsonArray();
        shape["registeredAt"] = time.GetUtcNow().Stamp();
        shape["registeredBy"] = caller.Arn;
        var definition = new EcsDocument(EcsStore.TaskDefinitions, EcsStore.TaskDefinitionKey(family, revision), shape) { Tags = tags };
        store.Save(definition);
        return Answer(definition, withTags: tags.Count > 0);
    }

    private JsonObject Describe(JsonObject input, AwsCaller caller)
    {
        var definition = Find(input.Text("taskDefinition") ?? "") ?? throw EcsErrors.Client("Unable to describe task definition.");
        return Answer(definition, input.Texts("include").Contains("TAGS"));
    }

    private JsonObject List(JsonObject input, AwsCaller caller)
    {
        var status = input.Text("status") ?? Active;
        var found = store.List(EcsStore.TaskDefinitions, input.Text("familyPrefix") is { } family ? family + "/" : "")
            .Where(definition => Status(definition) == status);
        return EcsAnswers.ListedArns("taskDefinitionArns", found, "taskDefinitionArn", input, descending: input.Text("sort") == "DESC");
    }

    private JsonObject ListFamilies(JsonObject input, AwsCaller caller)
    {
        var status = input.Text("status") ?? Active;
        var families = store.List(EcsStore.TaskDefinitions, input.Text("familyPrefix") ?? "")
            .GroupBy(definition => definition.Shape.Text("family")!)
            .Where(family => status switch
            {
                "ALL" => true,
                Active => family.Any(definition => Status(definition) == Active),
                _ => family.All(definition => Status(definition) != Active),
            });
        return EcsAnswers.Listed("families", families.Select(family => family.Key), family => family, family => family, input);
    }

    private JsonObject Deregister(JsonObject input, AwsCaller caller)
    {
        var reference = input.Text("taskDefinition") ?? "";
        if (!EcsNames.LastPart(reference).Contains(':', StringComparison.Ordinal))
            throw EcsErrors.Client("Revision is missing.");
        var definition = Find(reference) ?? throw EcsErrors.Client("The specified task definition does not exist."); // constructed
        if (Status(definition) == Active)
        {
            definition.Shape["status"] = Inactive;
            definition.Shape["deregisteredAt"] = time.GetUtcNow().Stamp();
            store.Save(definition);
        }
        return Answer(definition, withTags: false);
    }

    private JsonObject Delete(JsonObject input, AwsCaller caller)
    {
        var references = input.Texts("taskDefinitions");
        if (references.Count is 0 or > 10)
            throw EcsErrors.InvalidParameter($"Between 1 and 10 task definitions can be deleted in one call, found {references.Count}."); // constructed
        var deleted = new JsonArray();
        var failures = new JsonArray();
        foreach (var reference in references)
        {
            if (!EcsNames.LastPart(reference).Contains(':', StringComparison.Ordinal))
                failures.Add(Failure(reference, "Revision is missing."));
            else if (Find(reference) is not { } definition)
                failures.Add(Failure(reference, "The specified task definition does not exist. Specify a valid account, family, revision and try again."));
            else if (Status(definition) == Active)
                failures.Add(Failure(reference, "The specified task definition is still in ACTIVE status. Please deregister the target and try again."));
            else
            {
                definition.Shape["status"] = Deleting;
                definition.Shape["deleteRequestedAt"] = time.GetUtcNow().Stamp();
                store.Save(definition);
                deleted.Add(definition.Answer());
            }
        }
        return new JsonObject { ["taskDefinitions"] = deleted, ["failures"] = failures };
    }

    private static JsonObject Failure(string reference, string reason) => new() { ["arn"] = reference, ["reason"] = reason };

    private static JsonObject Answer(EcsDocument definition, bool withTags)
    {
        var answer = new JsonObject { ["taskDefinition"] = definition.Answer() };
        if (withTags)
            answer["tags"] = definition.Tags.DeepClone();
        return answer;
    }

    private static string Status(EcsDocument definition) => definition.Shape.Text("status")!;
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

internal sealed class TaskOperations(
    EcsStore store, ClusterOperations clusters, TaskDefinitionOperations definitions, TaskCreation factory, AfterCommit afterCommit, FaultSwitches faults,
    TimeProvider time) : IEcsOperations
{
    /// <summary>Tasks of no service.</summary>
    public const string Standalone = "-";

    public IReadOnlyDictionary<string, EcsOperation> Operations => new Dictionary<string, EcsOperation>
    {
        ["ListTasks"] = List,
        ["DescribeTasks"] = Describe,
        ["RunTask"] = Run,
        ["StopTask"] = Stop,
    };

    private JsonObject List(JsonObject input, AwsCaller caller)
    {
        var cluster = clusters.Active(input.Text("cluster"));
        var desired = input.Text("desiredStatus") ?? "RUNNING";
        if (desired is not ("RUNNING" or "STOPPED" or "PENDING"))
            throw EcsErrors.InvalidParameter($"Invalid desiredStatus '{desired}'."); // constructed
        var startedBy = input.Text("startedBy");
        var (service, family, launchType) = (input.Text("serviceName"), input.Text("family"), input.Text("launchType"));
        if (startedBy is not null && (service is not null || family is not null))
            throw EcsErrors.InvalidParameter("When startedBy is specified, it must be the only filter that you use."); // constructed
        if (service is not null && store.Find(EcsStore.Services, $"{cluster.Key}/{EcsNames.LastPart(service)}") is null)
            throw EcsErrors.ServiceNotFound();
        var prefix = service is null ? cluster.Key + "/" : $"{cluster.Key}/{EcsNames.LastPart(service)}/";
        var tasks = store.List(EcsStore.Tasks, prefix).Where(task => task.Shape.Text("desiredStatus") == desired
            && (startedBy is null || task.Shape.Text("startedBy") == startedBy)
            && (launchType is null || task.Shape.Text("launchType") == launchType)
            && (family is null || EcsNames.LastPart(task.Shape.Text("taskDefinitionArn")!).Split(':')[0] == family));
        return EcsAnswers.ListedArns("taskArns", tasks, "taskArn", input);
    }

    private JsonObject Describe(JsonObject input, AwsCaller caller)
    {
        var cluster = clusters.Active(input.Text("cluster"));
        var asked = input.Texts("tasks");
        if (asked.Count == 0)
            throw EcsErrors.InvalidParameter("Tasks cannot be empty.");
        if (asked.Count > 100)
            throw EcsErrors.InvalidParameter("Tasks cannot have more than 100 elements."); // constructed
        var withTags = input.Texts("include").Contains("TAGS");
        return EcsAnswers.Described("tasks", asked.Select(EcsNames.LastPart), Find, id => caller.Arn($"task/{cluster.Key}/{id}"));

        JsonObject? Find(string id)
        {
            var answer = store.FindTask(cluster.Key, id)?.Answer(withTags);
            answer?.TryAdd("tags", new JsonArray());
            return answer;
        }
    }

    private JsonObject Run(JsonObject input, AwsCaller caller)
    {
        var cluster = clusters.Active(input.Text("cluster"));
        var count = input.Number("count") ?? 1;
        if (count is < 1 or > 10)
            throw EcsErrors.InvalidParameter($"count must be between 1 and 10, found {count}."); // constructed
        if (input.Text("startedBy")?.Length > 128)
            throw EcsErrors.InvalidParameter("startedBy must not be longer than 128 characters."); // constructed
        var token = input.Text("clientToken");
        if (token?.Length > 64)
            throw EcsErrors.InvalidParameter("clientToken must not be longer than 64 characters."); // constructed
        var request = Fingerprint(input);
        if (token is not null && Repeated(cluster, token) is { Count: > 0 } before)
        {
            if (before.Any(task => task.Own.Text("request") != request))
                throw EcsErrors.TokenReused(before.Select(task => task.Shape.Text("taskArn")!));
            return Answer(before, []);
        }
        ServiceForm.CheckLaunch(input);
        var definition = definitions.Find(input.Text("taskDefinition") ?? "") ?? throw EcsErrors.Client("TaskDefinition not found.");
        if (definition.Shape.Text("status") != "ACTIVE")
            throw EcsErrors.InvalidParameter("TaskDefinition is inactive");
        ServiceForm.CheckCompatible(input, definition.Shape);
        ServiceForm.CheckNetwork(definition.Shape, input.Object("networkConfiguration"));
        var overrides = CheckedOverrides(input.Object("overrides") ?? [], definition.Shape);

        var tags = input.Text("propagateTags") == "TASK_DEFINITION" ? Tags.Merge(definition.Tags, Tags.Of(input).Select(tag => tag!.AsObject()).ToList()) : Tags.Of(input);
        var order = new TaskOrder(cluster.Shape.Text("clusterArn")!, Standalone, input.Text("group") ?? "family:" + definition.Shape.Text("family"), input.Text("startedBy"), input)
        {
            Overrides = overrides,
            Tags = tags,
        };
        var tasks = new List<EcsDocument>();
        var failures = NoCapacity.Failures(input, faults.TakeUnplaceable("RunTask", count));
        for (var i = failures.Count; i < count; i++)
        {
            var task = factory.Create(definition.Shape, order);
            (task.Own["clientToken"], task.Own["request"]) = (token, request);
            store.Save(task);
            afterCommit.Start(task.Key);
            tasks.Add(task);
        }
        return Answer(tasks, failures);
    }

    private static JsonObject Answer(IEnumerable<EcsDocument> tasks, JsonArray failures) => new()
    {
        ["tasks"] = tasks.Select(task => (JsonNode)task.Answer(withTags: true)).ToJsonArray(),
        ["failures"] = failures,
    };

    /// <summary>Tells whether a call with a known token asks for the same
    /// (https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html).</summary>
    private static string Fingerprint(JsonObject input)
    {
        var members = input.Where(member => member.Key != "clientToken").OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => $"{member.Key}={member.Value?.ToJsonString()}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', members))));
    }

    private JsonObject Stop(JsonObject input, AwsCaller caller)
    {
        var cluster = clusters.Active(input.Text("cluster"));
        var document = store.FindTask(cluster.Key, EcsNames.LastPart(input.Text("task") ?? ""))
            ?? throw EcsErrors.InvalidParameter("The referenced task was not found.");
        var task = new TaskView(document);
        if (task.Wanted)
        {
            task.AskToStop("UserInitiated", input.Text("reason") ?? "Task stopped by user", time.GetUtcNow());
            store.Save(document);
            afterCommit.Stop(document.Key);
        }
        return new JsonObject { ["task"] = document.Answer() };
    }

    private List<EcsDocument> Repeated(EcsDocument cluster, string token) =>
        [.. store.List(EcsStore.Tasks, $"{cluster.Key}/{Standalone}/").Where(task => task.Own.Text("clientToken") == token)];

    private static JsonObject CheckedOverrides(JsonObject overrides, JsonObject definition)
    {
        if (overrides.ToJsonString().Length > 8192)
            throw EcsErrors.InvalidParameter("Task overrides must not be longer than 8192 characters."); // constructed
        var names = definition.Objects("containerDefinitions").Select(container => container.Text("name")).ToHashSet();
        foreach (var container in overrides.Objects("containerOverrides"))
        {
            if (!names.Contains(container.Text("name")))
                throw EcsErrors.InvalidParameter($"Override for container named {container.Text("name")} is not a container in the TaskDefinition.");
        }
        return overrides;
    }
}

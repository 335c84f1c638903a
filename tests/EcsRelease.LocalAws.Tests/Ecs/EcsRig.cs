using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Ecs;
using EcsRelease.LocalAws.Http;
using EcsRelease.LocalAws.Images;
using EcsRelease.LocalAws.State;
using Microsoft.Extensions.Time.Testing;

namespace EcsRelease.LocalAws.Tests.Ecs;

/// <summary>
/// ECS with scripted tasks and a clock that the test moves: each tick runs one pass of the scheduler and moves every task on by
/// one state. What a task does is told by its image: `good`, `crash` (exits at once), `lost` (cannot be pulled), `sick` (fails its health check), `hang` (stays PENDING).
/// </summary>
internal sealed class EcsRig : IDisposable
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(100);
    private static readonly AwsCaller s_caller = new("000000000000", "us-east-1", "arn:aws:iam::000000000000:root");

    private readonly string _folder = Directory.CreateTempSubdirectory("ecs-rig-").FullName;
    private readonly SqliteDocumentStore _documents;
    private readonly EcsStore _store;
    private readonly Rollouts _rollouts;
    private readonly TaskCreation _creation;
    private readonly EcsService _ecs;
    private readonly LocalAwsSettings _settings;

    public EcsRig()
    {
        _documents = new SqliteDocumentStore(Path.Combine(_folder, "state.db"));
        _store = new EcsStore(_documents);
        _settings = new LocalAwsSettings { Folder = _folder };
        _rollouts = new Rollouts(_store, new OneImage(), Time);
        _creation = new TaskCreation(_store, Time);
        var scheduler = new NoScheduler();
        var clusters = new ClusterOperations(_store);
        var definitions = new TaskDefinitionOperations(_store, Time);
        var services = new ServiceOperations(_store, clusters, definitions, _rollouts, scheduler, Time);
        clusters.CreateDefault(s_caller);
        _ecs = new EcsService(_store,
        [
            clusters, definitions, services, new ServiceUpdate(_store, clusters, services, definitions, _rollouts, scheduler),
            new ServiceDeploymentOperations(_store, clusters, services, scheduler, Faults, Time),
            new TaskOperations(_store, clusters, definitions, _creation, new AfterCommit(), Faults, Time), new TagOperations(_store, definitions),
        ]);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public FaultSwitches Faults { get; } = new();

    /// <summary>Looks at the counts after every tick: (live, healthy, lower, upper).</summary>
    public Action<int, int, int, int>? Sample { get; set; }

    public JsonObject Call(string operation, string input) =>
        _ecs.InvokeAsync(operation, JsonNode.Parse(input)!.AsObject(), s_caller, CancellationToken.None).ResultNow();

    public string Register(string image, string more = "")
    {
        var answer = Call("RegisterTaskDefinition", $$$"""{"family":"orders","containerDefinitions":[{"name":"app","image":"{{{image}}}","memory":128{{{more}}}}]}""");
        return answer["taskDefinition"]!["taskDefinitionArn"]!.GetValue<string>();
    }

    public void CreateService(string definition, int desired = 2, string configuration = "{}") => Call("CreateService",
        $$"""{"serviceName":"orders","taskDefinition":"{{definition}}","desiredCount":{{desired}},"deploymentConfiguration":{{configuration}}}""");

    /// <summary>A service whose first deployment has succeeded.</summary>
    public void Live(string image, int desired = 2, string configuration = "{}")
    {
        CreateService(Register(image), desired, configuration);
        Until(() => Status() == "SUCCESSFUL");
    }

    public string PrimaryId() => Deployments()[0]["id"]!.ToString();

    public JsonObject Update(string more) => Call("UpdateService", $$"""{"service":"orders",{{more}}}""")["service"]!.AsObject();

    public JsonObject Service() => Call("DescribeServices", """{"services":["orders"]}""")["services"]![0]!.AsObject();

    public IReadOnlyList<JsonObject> Deployments() => [.. Service()["deployments"]!.AsArray().Select(deployment => deployment!.AsObject())];

    public IReadOnlyList<string> Events() => [.. Service()["events"]!.AsArray().Select(one => one!["message"]!.GetValue<string>())];

    /// <summary>All service deployments, newest first, as described.</summary>
    public IReadOnlyList<JsonObject> ServiceDeployments()
    {
        var listed = Call("ListServiceDeployments", """{"service":"orders"}""")["serviceDeployments"]!.AsArray().Select(one => one!["serviceDeploymentArn"]!.ToJsonString()).ToList();
        return [.. Call("DescribeServiceDeployments", $$"""{"serviceDeploymentArns":[{{string.Join(',', listed)}}]}""")["serviceDeployments"]!.AsArray().Select(one => one!.AsObject())];
    }

    public string Status() => ServiceDeployments()[0]["status"]!.GetValue<string>();

    public IReadOnlyList<JsonObject> Tasks(string desired = "RUNNING")
    {
        var arns = Call("ListTasks", $$"""{"desiredStatus":"{{desired}}"}""")["taskArns"]!.AsArray().Select(arn => arn!.ToJsonString()).ToList();
        return arns.Count == 0 ? [] : [.. Call("DescribeTasks", $$"""{"tasks":[{{string.Join(',', arns)}}]}""")["tasks"]!.AsArray().Select(task => task!.AsObject())];
    }

    /// <summary>Ticks until the condition holds; fails after a minute of the rig's time.</summary>
    public void Until(Func<bool> condition)
    {
        for (var tick = 0; tick < 600; tick++)
        {
            if (condition())
                return;
            Tick();
        }
        Assert.Fail($"The condition did not come true within a minute.\n{Service().ToJsonString()}");
    }

    public void Run(int ticks)
    {
        for (var tick = 0; tick < ticks; tick++)
            Tick();
    }

    /// <summary>The task's essential container ends by itself.</summary>
    public void Crash(JsonObject task) => _store.InTransaction(() =>
    {
        var view = Views().Single(one => one.Shape["taskArn"]!.ToString() == task["taskArn"]!.ToString());
        End(view, "EssentialContainerExited", "Essential container in task exited");
        view.Shape["stoppedAt"] = Time.GetUtcNow().Stamp();
        _store.Save(view.Document);
        return true;
    });

    public void Dispose()
    {
        _documents.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void Tick() => _store.InTransaction(() =>
    {
        if (_store.Find(EcsStore.Services, "default/orders") is { } document && document.Shape["status"]!.ToString() != "INACTIVE")
        {
            var service = new ServiceView(document);
            new ServicePass(_store, _rollouts, _creation, Faults, _settings, service, Time.GetUtcNow()).Run();
            var tasks = Views();
            Sample?.Invoke(tasks.Count(task => task.Live), tasks.Count(task => task.Healthy(Time.GetUtcNow(), _settings.HealthyAfter)), service.Lower, service.Upper);
        }
        Time.Advance(s_tick);
        foreach (var task in Views().Where(task => !task.Stopped))
            Move(task);
        return true;
    });

    private List<TaskView> Views() => [.. _store.List(EcsStore.Tasks).Select(task => new TaskView(task))];

    private void Move(TaskView task)
    {
        var image = task.Shape["containers"]![0]!["image"]!.ToString();
        if (!task.Wanted)
            task.Shape["lastStatus"] = task.LastStatus == "DEACTIVATING" ? "STOPPED" : "DEACTIVATING";
        else if (task.Running && image == "crash")
            End(task, "EssentialContainerExited", "Essential container in task exited");
        else if (task.Running && task.HasCheck)
            task.Shape["healthStatus"] = image == "sick" ? "UNHEALTHY" : "HEALTHY";
        else if (task.LastStatus == "PROVISIONING")
            task.Shape["lastStatus"] = "PENDING";
        else if (task.LastStatus == "PENDING" && image == "lost")
            End(task, "TaskFailedToStart", "CannotPullContainerError: lost: not found");
        else if (task.LastStatus == "PENDING" && image != "hang")
        {
            task.Shape["lastStatus"] = "RUNNING";
            task.Shape["startedAt"] = Time.GetUtcNow().Stamp();
        }
        if (task.Stopped)
            task.Shape["stoppedAt"] = Time.GetUtcNow().Stamp();
        _store.Save(task.Document);
    }

    private static void End(TaskView task, string code, string reason)
    {
        (task.Shape["lastStatus"], task.Shape["desiredStatus"]) = ("STOPPED", "STOPPED");
        (task.Shape["stopCode"], task.Shape["stoppedReason"]) = (code, reason);
    }

    private sealed class NoScheduler : IServiceScheduler
    {
        public void Wake(string serviceKey)
        {
        }
    }

    private sealed class OneImage : IImageStore
    {
        public string RegistryHost => "127.0.0.1:1";

        public string DigestOf(string reference) => reference == "lost"
            ? throw new ImageNotFoundException("CannotPullContainerError: lost: not found")
            : "sha256:index";

        public StoredImage Resolve(string reference, string architecture) => new("sha256:child", DigestOf(reference), [], []);

        public Stream OpenBlob(string digest) => throw new ImageNotFoundException(digest);
    }
}

internal static class CompletedTask
{
    /// <summary>The result of a task that has completed; operations of ECS are synchronous behind their interface.</summary>
    public static T ResultNow<T>(this Task<T> task)
    {
        task.IsCompleted.Should().BeTrue();
        if (task.Exception?.InnerException is { } fault)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
        return task.Result;
    }
}

using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Ecs;
using EcsRelease.LocalAws.Http;
using EcsRelease.LocalAws.Images;
using EcsRelease.LocalAws.State;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>
/// The life of one task: PROVISIONING, PENDING, ACTIVATING, RUNNING, DEACTIVATING, STOPPING, DEPROVISIONING, STOPPED
/// (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html).
/// </summary>
internal sealed class TaskRun(TaskRecord record, TaskServices services) : IDisposable
{
    private static readonly TimeSpan s_drainLimit = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<ContainerRun> _containers = [];
    private readonly ConcurrentBag<Task> _watches = [];
    private readonly Lock _lock = new();
    private bool _disposed;
    private TimeSpan _stopLimit = TimeSpan.MaxValue;

    public string Key => record.Key;

    /// <summary>Asks the task to stop; the reason is in its document.</summary>
    /// <param name="limit">The longest that its containers may take.</param>
    public void Stop(TimeSpan limit)
    {
        _stopLimit = limit;
        lock (_lock)
        {
            if (!_disposed)
                _ = _stop.CancelAsync();
        }
    }

    public void Dispose()
    {
        lock (_lock)
            _disposed = true;
        _stop.Dispose();
    }

    public async Task RunAsync()
    {
        try
        {
            await StartAsync(_stop.Token);
            await EndOfEssentialAsync().WaitAsync(_stop.Token);
            Fail("EssentialContainerExited", "Essential container in task exited");
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            Fail("ServiceSchedulerInitiated", "Task was stopped"); // constructed
        }
        catch (TaskFailedException failure)
        {
            Fail("TaskFailedToStart", failure.Message);
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            // A fault of the local AWS, which its log tells: containers that run already end with the task.
            Fail("TaskFailedToStart", "ContainerRuntimeError: " + fault.Message);
            await EndAsync();
            throw;
        }
        await EndAsync();
    }

    /// <summary>Notes why the task stops, unless somebody asked for it before.</summary>
    private void Fail(string stopCode, string reason) => record.Change(shape =>
    {
        shape["stopCode"] ??= stopCode;
        shape["stoppedReason"] ??= reason;
        shape["desiredStatus"] = "STOPPED";
    });

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        record.Move("PENDING");
        var definition = record.Definition();
        var task = record.Read().Shape;
        var secrets = definition.Objects("containerDefinitions").ToDictionary(container => container.Text("name")!, Secrets);
        record.Move("PENDING", "pullStartedAt");
        var pulled = new Dictionary<string, PulledImage>();
        foreach (var container in task.Objects("containers"))
            pulled[container.Text("name")!] = await PullAsync(container, CpuArchitecture.Of(definition), cancellationToken);
        record.Move("ACTIVATING", "pullStoppedAt");

        var overrides = task.Object("overrides")!;
        var taskLimit = MemoryGuard.OfTask(definition, overrides);
        var limits = new List<(ContainerRun, long?)>();
        foreach (var container in definition.Objects("containerDefinitions"))
        {
            var containerOverride = overrides.Objects("containerOverrides").FirstOrDefault(one => one.Text("name") == container.Text("name"));
            var ports = container.Objects("portMappings")
                .Where(mapping => mapping.Text("protocol") == "tcp").Select(mapping => mapping.Number("containerPort")).OfType<int>().Distinct()
                .ToDictionary(port => port, _ => services.Ports.Reserve());
            var limit = MemoryGuard.OfContainer(TaskCreation.Overridden(container, overrides));
            var plan = new ContainerPlan(container, containerOverride, ports) { MemoryLimit = limit ?? taskLimit };
            var run = new ContainerRun(container, plan, record, services.Runtime, services.Settings.HealthCheckLimit, services.Time);
            _containers.Add(run);
            limits.Add((run, limit));
        }
        _watches.Add(UntilStoppedAsync(new MemoryGuard(limits, taskLimit, services.Time)));
        var starts = _containers.Select(container => StartAsync(container, pulled[container.Name], secrets[container.Name], cancellationToken)).ToList();
        try
        {
            while (starts.Count > 0)
            {
                var ended = await Task.WhenAny(starts);
                starts.Remove(ended);
                await ended;
            }
        }
        finally
        {
            if (starts.Count > 0)
            {
                await _stop.CancelAsync();
                await Task.WhenAll(starts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        var port = services.Runtime.HasPorts ? _containers.SelectMany(container => container.Plan.Ports.Values).FirstOrDefault() : 0;
        var address = port == 0 ? null : record.Service;
        if (address is not null)
            record.Own[TaskView.AwaitsPortMember] = true;
        record.Move("RUNNING", "startedAt");
        if (address is null)
            return;
        services.Traffic.Add(address, record.Id, port, () =>
        {
            record.Own[TaskView.AwaitsPortMember] = false;
            record.Change(_ => { });
        });
    }

    private async Task<PulledImage> PullAsync(JsonObject container, string architecture, CancellationToken cancellationToken)
    {
        var reference = container.Text("image")!;
        if (container.Text("imageDigest") is { } digest && !reference.Contains('@', StringComparison.Ordinal))
            reference += "@" + digest;
        try
        {
            var image = await services.Runtime.PullAsync(reference, architecture, cancellationToken);
            if (image.Digest is not null && container.Text("imageDigest") is null)
                record.ChangeContainer(container.Text("name")!, shown => shown["imageDigest"] = image.Digest);
            return image;
        }
        catch (TaskFailedException failure)
        {
            record.ChangeContainer(container.Text("name")!, shown => shown["reason"] = failure.Message);
            throw;
        }
    }

    /// <summary>Value by variable. ECS asks for them before it pulls an image.</summary>
    private Dictionary<string, string> Secrets(JsonObject container)
    {
        var secrets = new Dictionary<string, string>();
        foreach (var secret in container.Objects("secrets"))
            secrets[secret.Text("name")!] = services.Secrets.Get(secret.Text("valueFrom")!) ?? throw StartFailures.Secret(secret.Text("valueFrom")!);
        return secrets;
    }

    private async Task StartAsync(ContainerRun container, PulledImage image, Dictionary<string, string> secrets, CancellationToken cancellationToken)
    {
        foreach (var dependency in container.Definition.Objects("dependsOn"))
            await AwaitAsync(container, dependency, cancellationToken);
        var output = ContainerLog.Open(services.Logs, container.Definition, record.Id, services.Time);
        var folder = Path.Combine(new StateFolder(services.Settings.Folder).Tasks, record.Id, container.Name);
        Directory.CreateDirectory(folder);
        cancellationToken.ThrowIfCancellationRequested();
        container.Start(image, secrets, folder, output);
        _watches.Add(container.WatchAsync());
        if (TaskCreation.HasCheck(container.Definition))
            _watches.Add(CheckHealthAsync(container));
    }

    private async Task UntilStoppedAsync(MemoryGuard guard)
    {
        try
        {
            await guard.RunAsync(_stop.Token);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The end of the task is the end of the guard; any other fault is the task's.
        }
    }

    private async Task AwaitAsync(ContainerRun container, JsonObject dependency, CancellationToken cancellationToken)
    {
        var on = _containers.Single(other => other.Name == dependency.Text("containerName"));
        var condition = dependency.Text("condition")!;
        var limit = container.Definition.Number("startTimeout") is { } seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan;
        Task wanted = condition switch
        {
            "HEALTHY" => on.Healthy,
            "COMPLETE" or "SUCCESS" => on.Exited,
            _ => on.Started,
        };
        try
        {
            await Task.WhenAny(wanted, on.Exited).WaitAsync(limit, services.Time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw StartFailures.Dependency(container.Name, on.Name, condition);
        }
        if (!wanted.IsCompleted || (condition == "SUCCESS" && await on.Exited != 0))
            throw StartFailures.Dependency(container.Name, on.Name, condition);
    }

    private async Task CheckHealthAsync(ContainerRun container)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var check = container.CheckHealthAsync(ended.Token);
        await Task.WhenAny(check, container.Exited);
        await ended.CancelAsync();
        await check.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private Task<Task<int>> EndOfEssentialAsync() => Task.WhenAny(_containers.Where(container => container.Essential).Select(container => container.Exited));

    private async Task EndAsync()
    {
        record.Move("DEACTIVATING");
        await services.Traffic.DrainAsync(record.Id, _stopLimit < s_drainLimit ? _stopLimit : s_drainLimit);
        record.Move("STOPPING", "stoppingAt");
        await _stop.CancelAsync();
        await Task.WhenAll(_containers.Select(container => container.StopAsync(_stopLimit)));
        await Task.WhenAll(_watches);
        foreach (var port in _containers.SelectMany(container => container.Plan.Ports.Values))
            services.Ports.Release(port);
        record.Move("DEPROVISIONING", "executionStoppedAt");
        record.Change(shape =>
        {
            shape["lastStatus"] = "STOPPED";
            shape["stoppedAt"] = services.Time.GetUtcNow().Stamp();
            foreach (var attachment in shape.Objects("attachments"))
                attachment["status"] = "DELETED";
            foreach (var container in shape.Objects("containers"))
                container["lastStatus"] = "STOPPED";
        });
        ContainerFolders.Delete(Path.Combine(new StateFolder(services.Settings.Folder).Tasks, record.Id));
    }
}

using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Ecs;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Tasks;

/// <summary>One container of a running task, from its start to its end.</summary>
internal sealed class ContainerRun(
    JsonObject definition, ContainerPlan plan, TaskRecord record, ITaskRuntime runtime, TimeSpan healthCheckLimit, TimeProvider time)
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _healthy = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<int> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IContainerProcess? _process;

    public string Name => definition.Text("name")!;

    public JsonObject Definition => definition;

    public ContainerPlan Plan => plan;

    public bool Essential => definition.Flag("essential") ?? true;

    public Task Started => _started.Task;

    public Task Healthy => _healthy.Task;

    public Task<int> Exited => _exited.Task;

    public TimeSpan StopTimeout => TimeSpan.FromSeconds(definition.Number("stopTimeout") ?? 30);

    public void Start(PulledImage image, IReadOnlyDictionary<string, string> secrets, string folder, Action<string> output)
    {
        var command = plan.Command(image.Config);
        if (command.Count == 0)
            throw StartFailures.NoCommand(Name);
        var start = new ContainerStart(
            image, command, plan.WorkingDirectory(image.Config), plan.User(image.Config), plan.Environment(image.Config, secrets), folder, output);
        try
        {
            _process = image.WrongArchitecture is null ? runtime.Start(start) : new ForeignProgram(start);
        }
        catch (Exception fault) when (fault is InvalidDataException or TaskFailedException)
        {
            var failure = fault as TaskFailedException ?? StartFailures.CannotStart(fault.Message);
            record.ChangeContainer(Name, container => container["reason"] = failure.Message);
            throw failure;
        }
        record.ChangeContainer(Name, container =>
        {
            container["lastStatus"] = "RUNNING";
            container["runtimeId"] = _process.RuntimeId;
            container["networkBindings"] = plan.Ports.Select(port => (JsonNode)new JsonObject
            {
                ["bindIP"] = "127.0.0.1",
                ["containerPort"] = port.Key,
                ["hostPort"] = port.Value,
                ["protocol"] = "tcp",
            }).ToJsonArray();
        });
        _started.TrySetResult();
    }

    public long MemoryInUse() => _process?.MemoryInUse() ?? 0;

    public void KillForMemory() => _process?.KillForMemory();

    /// <summary>Waits for the process's end and notes it.</summary>
    public async Task WatchAsync()
    {
        var code = await _process!.Exited;
        record.ChangeContainer(Name, container =>
        {
            container["lastStatus"] = "STOPPED";
            container["exitCode"] = code;
            if (_process.OutOfMemory)
                container["reason"] = "OutOfMemoryError: Container killed due to memory usage";
        });
        _exited.TrySetResult(code);
    }

    /// <summary>SIGTERM, then SIGKILL after stopTimeout.</summary>
    public async Task StopAsync(TimeSpan limit)
    {
        if (_process is null || _process.Exited.IsCompleted)
            return;
        _process.Terminate();
        try
        {
            await _process.Exited.WaitAsync(limit < StopTimeout ? limit : StopTimeout, time);
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }
        await _exited.Task;
    }

    /// <summary>
    /// Runs the health check until the token ends it. Until it first succeeds it is asked every second, so that trying out
    /// is quick; failures count at most once per interval and not in the start period, as in ECS.
    /// </summary>
    public async Task CheckHealthAsync(CancellationToken cancellationToken)
    {
        var check = definition.Object("healthCheck")!;
        var command = plan.HealthCommand(check);
        var (interval, timeout) = (Cut(check.Number("interval") ?? 30), Cut(check.Number("timeout") ?? 5));
        var began = time.GetUtcNow();
        var counting = began + Cut(check.Number("startPeriod") ?? 0);
        var (failures, lastCounted) = (0, began);
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.Delay(_healthy.Task.IsCompleted || interval < TimeSpan.FromSeconds(1) ? interval : TimeSpan.FromSeconds(1), time, cancellationToken);
            if (await PassesAsync(command, timeout, cancellationToken))
            {
                failures = 0;
                Report("HEALTHY");
                _healthy.TrySetResult();
                continue;
            }
            var now = time.GetUtcNow();
            if (now < counting || now - lastCounted < interval)
                continue;
            lastCounted = now;
            failures++;
            if (failures >= (check.Number("retries") ?? 3))
                Report("UNHEALTHY");
        }
    }

    private TimeSpan Cut(int seconds) => seconds < healthCheckLimit.TotalSeconds ? TimeSpan.FromSeconds(seconds) : healthCheckLimit;

    private async Task<bool> PassesAsync(IReadOnlyList<string> command, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await _process!.RunAsync(command, either.Token) == 0;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Report(string health)
    {
        var known = record.Read().Shape.Objects("containers").Single(container => container.Text("name") == Name).Text("healthStatus");
        if (known == health)
            return;
        record.Change(shape =>
        {
            var containers = shape.Objects("containers");
            containers.Single(container => container.Text("name") == Name)["healthStatus"] = health;
            shape["healthStatus"] = TaskHealth.Of(record.Definition(), containers);
        });
    }
}

/// <summary>A task is as healthy as the worst of its essential containers that have a health check.</summary>
internal static class TaskHealth
{
    public static string Of(JsonObject definition, IReadOnlyList<JsonObject> containers)
    {
        var checkedNames = definition.Objects("containerDefinitions")
            .Where(container => container.Flag("essential") == true && TaskCreation.HasCheck(container)).Select(container => container.Text("name")).ToHashSet();
        var states = containers.Where(container => checkedNames.Contains(container.Text("name"))).Select(container => container.Text("healthStatus")).ToList();
        if (states.Contains("UNHEALTHY"))
            return "UNHEALTHY";
        return states.Count > 0 && states.All(state => state == "HEALTHY") ? "HEALTHY" : "UNKNOWN";
    }
}

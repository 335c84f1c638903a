using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>What is to be done after a pass, outside of its transaction.</summary>
/// <param name="Next">When the next pass is due although nothing happens until then.</param>
internal sealed record PassResult(IReadOnlyList<string> Start, IReadOnlyList<string> Stop, DateTimeOffset? Next)
{
    public static PassResult Nothing { get; } = new([], [], null);
}

/// <summary>
/// One look of the scheduler at one service: judge its tasks, move its deployment on, decide what starts and stops.
/// The rules are those of the rolling update
/// (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html).
/// </summary>
internal sealed class ServicePass(
    EcsStore store, Rollouts rollouts, TaskCreation factory, FaultSwitches faults, LocalAwsSettings settings, ServiceView service, DateTimeOffset now)
{
    private const string Scheduler = "ServiceSchedulerInitiated";

    private readonly ServiceTasks _tasks = new(service, store.List(EcsStore.Tasks, service.Key + "/").Select(task => new TaskView(task)), now, settings.HealthyAfter);
    private readonly HashSet<TaskView> _changed = [];
    private readonly List<string> _start = [];
    private readonly List<string> _stop = [];
    /// <summary>Counts of a service deployment that has ended stay as they were at its end.</summary>
    private readonly string? _current = rollouts.Current(service) is { } current && Rollouts.InProgress(current.Shape) ? current.Key : null;
    private DateTimeOffset? _next;

    public PassResult Run()
    {
        var primary = PrimaryId;
        foreach (var task in _tasks.All.Where(task => !task.Judged))
            Judge(task);
        Begin();
        if (CircuitBreaker.IsTripped(service) && !IsRollback())
            rollouts.Fail(service);
        Scale();
        // A rollback to tasks that all still run takes its time in ECS; it is never seen to begin and end in one moment.
        if (primary != PrimaryId)
            WakeAt(now + settings.StartBackOff);
        else if (IsComplete())
            rollouts.Complete(service);
        else
            NoteSteadyState();
        ServiceCounts.Update(service, _tasks.All);
        if (_current is { } deployment && rollouts.Current(service) is { } ended && ended.Key == deployment)
            ServiceCounts.Update(service, ended, store);
        if (service.Status == "DRAINING" && _tasks.All.All(task => task.Stopped))
            rollouts.Remove(service);
        foreach (var task in _changed)
            store.Save(task.Document);
        store.Save(service.Document);
        return new PassResult(_start, _stop, _next);
    }

    private string PrimaryId => service.Primary.Text("id")!;

    private void Judge(TaskView task)
    {
        var known = service.Deployments.Any(deployment => deployment.Text("id") == task.Deployment);
        var rollout = known ? service.Rollout(task.Deployment!) : null;
        // A task that fails is judged while its processes still end: its place is free from then on, and the back-off must be known.
        if (task.Stopped || task.Failing)
        {
            task.Judged = true;
            _changed.Add(task);
            if (rollout is not null && !task.StopAsked && !task.WasHealthy)
                CountFailure(rollout, task);
        }
        else if (task.Unhealthy && now >= task.StartedAt + TimeSpan.FromSeconds(service.Shape.Number("healthCheckGracePeriodSeconds") ?? 0))
        {
            service.AddEvent($"(task {task.Id}) failed container health checks.", now);
            Stop(task, "Task failed container health checks");
            if (rollout is null)
                return;
            rollout.Unhealthy++;
            CountFailure(rollout, task);
        }
        else if (!task.WasHealthy && _tasks.Healthy(task))
        {
            task.WasHealthy = true;
            _changed.Add(task);
            rollout?.Succeed(service.Breaker.Flag("resetOnHealthyTask") ?? true);
        }
        else if (task.Running && task.Wanted && !task.WasHealthy)
        {
            if (task.AwaitsPort)
                WakeAt(task.StartedAt + TaskView.SilenceLimit);
            WakeAt(task.StartedAt + (task.HasCheck ? TimeSpan.FromSeconds(service.Shape.Number("healthCheckGracePeriodSeconds") ?? 0) : settings.HealthyAfter));
        }
    }

    private void CountFailure(Rollout rollout, TaskView task)
    {
        rollout.Fail(now, settings.StartBackOff, settings.StartBackOffLimit);
        if (task.Shape.Text("stopCode") == "TaskFailedToStart")
            service.AddTrouble($"was unable to place a task. Reason: {task.Shape.Text("stoppedReason")}.", now);
        NoteFailures(rollout);
    }

    private void NoteFailures(Rollout rollout)
    {
        if (rollout.Failures >= 2)
            service.AddTrouble("is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.", now);
    }

    private void Begin()
    {
        if (rollouts.Current(service) is not { } current)
            return;
        if (current.Shape.Text("status") == "ROLLBACK_REQUESTED")
            rollouts.RollBack(service, Rollouts.StoppedByRequest, "ECS deployment stopped: rolling back to deploymentId"); // constructed
        else if (current.Shape.Text("status") == "PENDING")
        {
            current.Shape["status"] = "IN_PROGRESS";
            current.Shape["startedAt"] = now.Stamp();
            current.Shape["updatedAt"] = now.Stamp();
            store.Save(current);
        }
    }

    private bool IsRollback() => rollouts.Current(service)?.Shape.Text("status") == "ROLLBACK_IN_PROGRESS";

    private void Scale()
    {
        var halted = service.Rollout(PrimaryId).Halted;
        if (_tasks.LastGood is { } good)
            StartWhenDue(_tasks.LostGood, good);
        if (!halted)
            StartWhenDue(_tasks.Missing, service.Primary);
        List<TaskView> stopped = [.. _tasks.Surplus(), .. halted ? [] : _tasks.Removable()];
        StopAll(stopped);
        if (!halted && _start.Count == 0 && stopped.Count == 0)
            NoteStuck();
    }

    private void StartWhenDue(int wanted, JsonObject deployment)
    {
        var count = Math.Min(wanted, _tasks.Room);
        var notBefore = service.Rollout(deployment.Text("id")!).NotBefore;
        if (count > 0 && now >= notBefore)
            Start(Placeable(count, deployment), deployment);
        else if (count > 0)
            WakeAt(notBefore);
    }

    /// <summary>A task that cannot be placed counts as failed (API_Deployment, failedTasks), and is tried again later.</summary>
    private int Placeable(int count, JsonObject deployment)
    {
        var unplaceable = faults.TakeUnplaceable(FaultSwitches.Placement, count);
        if (unplaceable == 0)
            return count;
        var rollout = service.Rollout(deployment.Text("id")!);
        service.AddTrouble(NoCapacity.Event(service.Shape), now, resolvedBy: "has started");
        for (var i = 0; i < unplaceable; i++)
            rollout.Fail(now, settings.StartBackOff, settings.StartBackOffLimit);
        NoteFailures(rollout);
        WakeAt(rollout.NotBefore);
        return count - unplaceable;
    }

    private void Start(int count, JsonObject deployment)
    {
        if (count == 0)
            return;
        var rollout = service.Rollout(deployment.Text("id")!);
        if (store.FindTaskDefinition(deployment.Text("taskDefinition")!) is not { } definition)
            return;
        var order = new TaskOrder(service.Shape.Text("clusterArn")!, service.Name, "service:" + service.Name, deployment.Text("id"), service.Shape)
        {
            Digests = rollout.Digests,
            Tags = service.Shape.Text("propagateTags") switch
            {
                "SERVICE" => service.Document.Tags,
                "TASK_DEFINITION" => definition.Tags,
                _ => [],
            },
        };
        for (var i = 0; i < count; i++)
        {
            var task = new TaskView(factory.Create(definition.Shape, order));
            _tasks.Add(task);
            _start.Add(task.Key);
        }
        var replaced = Math.Min(rollout.Unhealthy, count);
        rollout.Unhealthy -= replaced;
        var text = $"has started {count} tasks: {Ids(_tasks.All.TakeLast(count))}.";
        service.AddEvent(replaced > 0 ? $"{text} Amazon ECS replaced {replaced} tasks due to an unhealthy status." : text, now);
    }

    private void StopAll(List<TaskView> tasks)
    {
        var running = tasks.Where(task => task.Running).ToList();
        if (running.Count > 0)
            service.AddEvent($"has stopped {running.Count} running tasks: {Ids(running)}.", now);
        if (tasks.Count > running.Count)
            service.AddEvent($"stopped {tasks.Count - running.Count} pending tasks.", now);
        foreach (var task in tasks)
            Stop(task, $"Scaling activity initiated by (deployment {PrimaryId})");
    }

    private void Stop(TaskView task, string reason)
    {
        task.AskToStop(Scheduler, reason, now);
        task.Judged = true;
        _changed.Add(task);
        _stop.Add(task.Key);
    }

    private void NoteStuck()
    {
        var waiting = _tasks.All.Any(task => task.Live && !_tasks.Healthy(task)) || _tasks.Old.Any(task => !task.Wanted);
        if (service.Primary.Text("rolloutState") == "IN_PROGRESS" && _tasks.Old.Count > 0 && _tasks.Missing > 0 && !waiting && now >= service.Rollout(PrimaryId).NotBefore)
            service.AddTrouble("was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.", now);
    }

    private bool IsComplete() => service.Status == "ACTIVE" && service.Primary.Text("rolloutState") == "IN_PROGRESS" && _tasks.Settled;

    private void NoteSteadyState()
    {
        var settled = service.Primary.Text("rolloutState") == "COMPLETED" && _tasks.Settled;
        if (settled && !service.Steady)
            service.AddEvent("has reached a steady state.", now);
        service.Steady = settled;
    }

    private void WakeAt(DateTimeOffset? moment)
    {
        if (moment > now && (_next is null || moment < _next))
            _next = moment;
    }

    private static string Ids(IEnumerable<TaskView> tasks) => string.Join(' ', tasks.Select(task => $"(task {task.Id})"));
}

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
internal sealed class ServicePass(EcsStore store, Rollouts rollouts, TaskCreation factory, LocalAwsSettings settings, ServiceView service, DateTimeOffset now)
{
    private const string Scheduler = "ServiceSchedulerInitiated";

    private readonly List<TaskView> _tasks = [.. store.List(EcsStore.Tasks, service.Key + "/").Select(task => new TaskView(task))];
    private readonly HashSet<TaskView> _changed = [];
    private readonly List<string> _start = [];
    private readonly List<string> _stop = [];
    /// <summary>Counts of a service deployment that has ended stay as they were at its end.</summary>
    private readonly string? _current = rollouts.Current(service) is { } current && Rollouts.InProgress(current.Shape) ? current.Key : null;
    private DateTimeOffset? _next;

    public PassResult Run()
    {
        var primary = PrimaryId;
        foreach (var task in _tasks.Where(task => !task.Judged))
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
        ServiceCounts.Update(service, _tasks);
        if (_current is { } deployment && rollouts.Current(service) is { } ended && ended.Key == deployment)
            ServiceCounts.Update(service, ended, store);
        if (service.Status == "DRAINING" && _tasks.All(task => task.Stopped))
            rollouts.Remove(service);
        foreach (var task in _changed)
            store.Save(task.Document);
        store.Save(service.Document);
        return new PassResult(_start, _stop, _next);
    }

    private string PrimaryId => service.Primary.Text("id")!;

    private List<TaskView> New => [.. _tasks.Where(task => task.Deployment == PrimaryId)];

    private List<TaskView> Old => [.. _tasks.Where(task => task.Deployment != PrimaryId && !task.Stopped)];

    private bool Healthy(TaskView task) => task.Healthy(now, settings.HealthyAfter);

    private void Judge(TaskView task)
    {
        var known = service.Deployments.Any(deployment => deployment.Text("id") == task.Deployment);
        var rollout = known ? service.Rollout(task.Deployment!) : null;
        if (task.Stopped)
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
        else if (!task.WasHealthy && Healthy(task))
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
            service.AddEvent($"was unable to place a task. Reason: {task.Shape.Text("stoppedReason")}.", now);
        if (rollout.Failures == 2)
            service.AddEvent("is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.", now);
    }

    private void Begin()
    {
        if (rollouts.Current(service) is not { } current)
            return;
        if (current.Shape.Text("status") == "ROLLBACK_REQUESTED")
            rollouts.RollBack(service, Rollouts.StoppedByRequest, "ECS deployment stopped: rolling back to deploymentId");
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
        var rollout = service.Rollout(PrimaryId);
        var wanted = New.Count(task => task.Live && task.Wanted);
        var missing = service.Desired - wanted;
        var room = service.Upper - _tasks.Count(task => task.Live);
        if (rollout.Halted)
            KeepLast();
        else if (missing > 0 && room > 0)
        {
            if (now >= rollout.NotBefore)
                Start(Math.Min(missing, room), service.Primary);
            else
                WakeAt(rollout.NotBefore);
        }
        var stopped = new List<TaskView>();
        if (missing < 0)
            stopped.AddRange(New.Where(task => task.Live && task.Wanted).OrderBy(Healthy).ThenByDescending(task => task.StartedAt).Take(-missing));
        if (!rollout.Halted)
            stopped.AddRange(Removable());
        StopAll(stopped);
        if (!rollout.Halted && _start.Count == 0 && stopped.Count == 0)
            NoteStuck(missing);
    }

    /// <summary>Where a failed deployment stays PRIMARY, the last good one serves on: tasks that it loses are replaced.</summary>
    private void KeepLast()
    {
        if (service.Completed?.Object("deployment")?.Text("id") is not { } id || service.Deployments.FirstOrDefault(one => one.Text("id") == id) is not { } last)
            return;
        var missing = service.Desired - _tasks.Count(task => task.Live && task.Wanted);
        if (missing > 0 && now >= service.Rollout(id).NotBefore)
            Start(missing, last);
        else if (missing > 0)
            WakeAt(service.Rollout(id).NotBefore);
    }

    /// <summary>Old tasks that may go: unhealthy ones always, healthy ones as long as the lower limit is kept.</summary>
    private IEnumerable<TaskView> Removable()
    {
        var healthy = _tasks.Count(Healthy);
        foreach (var task in Old.Where(task => task.Wanted).OrderBy(Healthy).ThenBy(task => task.Shape.Real("createdAt")).ToList())
        {
            if (Healthy(task))
            {
                if (healthy - 1 < service.Lower)
                    yield break;
                healthy--;
            }
            yield return task;
        }
    }

    private void Start(int count, JsonObject deployment)
    {
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
        var text = $"has started {count} tasks: {Ids(_tasks.TakeLast(count))}.";
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

    private void NoteStuck(int missing)
    {
        var waiting = _tasks.Any(task => task.Live && !Healthy(task)) || Old.Any(task => !task.Wanted);
        if (service.Primary.Text("rolloutState") == "IN_PROGRESS" && Old.Count > 0 && missing > 0 && !waiting && now >= service.Rollout(PrimaryId).NotBefore)
            service.AddEvent("was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.", now);
    }

    private bool IsSettled() =>
        !service.Rollout(PrimaryId).Halted && Old.Count == 0 && New.Count(Healthy) == service.Desired && New.Count(task => task.Live) == service.Desired;

    private bool IsComplete() => service.Status == "ACTIVE" && service.Primary.Text("rolloutState") == "IN_PROGRESS" && IsSettled();

    private void NoteSteadyState()
    {
        var settled = service.Primary.Text("rolloutState") == "COMPLETED" && IsSettled();
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

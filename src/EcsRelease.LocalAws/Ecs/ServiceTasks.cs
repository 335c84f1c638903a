using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>The tasks of one service, counted as the rolling update counts them
/// (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html).</summary>
internal sealed class ServiceTasks(ServiceView service, IEnumerable<TaskView> tasks, DateTimeOffset now, TimeSpan healthyAfter)
{
    private readonly List<TaskView> _all = [.. tasks];

    public IReadOnlyList<TaskView> All => _all;

    /// <summary>Those of the PRIMARY deployment.</summary>
    public IReadOnlyList<TaskView> New => [.. _all.Where(task => task.Deployment == PrimaryId)];

    /// <summary>Those of earlier deployments that still are.</summary>
    public IReadOnlyList<TaskView> Old => [.. _all.Where(task => task.Deployment != PrimaryId && !task.Stopped)];

    /// <summary>Tasks that the PRIMARY deployment lacks; below zero where it has too many.</summary>
    public int Missing => service.Desired - New.Count(Serves);

    /// <summary>Tasks that maximumPercent lets start now.</summary>
    public int Room => Math.Max(service.Upper - _all.Count(task => task.Live), 0);

    public bool Settled =>
        !Primary.Halted && Old.Count == 0 && New.Count(Healthy) == service.Desired && New.Count(task => task.Live) == service.Desired;

    /// <summary>The last deployment that COMPLETED, while another is PRIMARY: it serves until that one is healthy.</summary>
    public JsonObject? LastGood => service.Completed?.Object("deployment")?.Text("id") is { } id && id != PrimaryId
        ? service.Deployments.FirstOrDefault(deployment => deployment.Text("id") == id)
        : null;

    /// <summary>Tasks of the last good deployment that were lost and are needed: where the PRIMARY has failed for good, up to the
    /// desired count; during a rollout up to minimumHealthyPercent, as long as tasks of the PRIMARY are not healthy in their place.</summary>
    public int LostGood => LastGood is null
        ? 0
        : Math.Max(Primary.Halted ? service.Desired - _all.Count(Serves) : service.Lower - New.Count(Healthy) - Old.Count(Serves), 0);

    public void Add(TaskView task) => _all.Add(task);

    public bool Healthy(TaskView task) => task.Healthy(now, healthyAfter);

    /// <summary>New tasks over the desired count: those that are not healthy first, then the youngest.</summary>
    public IEnumerable<TaskView> Surplus() =>
        New.Where(Serves).OrderBy(Healthy).ThenByDescending(task => task.StartedAt).Take(Math.Max(-Missing, 0));

    /// <summary>Old tasks that may go: healthy ones as long as the lower limit is kept, others always, but for one of the last
    /// good deployment that starts because too few are healthy.</summary>
    public IEnumerable<TaskView> Removable()
    {
        var healthy = _all.Count(Healthy);
        var lastGood = LastGood?.Text("id");
        foreach (var task in Old.Where(task => task.Wanted).OrderBy(Healthy).ThenBy(task => task.Shape.Real("createdAt")).ToList())
        {
            if (Healthy(task))
            {
                if (healthy - 1 < service.Lower)
                    yield break;
                healthy--;
            }
            else if (task.Live && task.Deployment == lastGood && healthy < service.Lower)
            {
                continue;
            }
            yield return task;
        }
    }

    private string PrimaryId => service.Primary.Text("id")!;

    private Rollout Primary => service.Rollout(PrimaryId);

    private static bool Serves(TaskView task) => task.Live && task.Wanted;
}

using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>A task's document, read as the scheduler sees it.</summary>
internal sealed class TaskView(EcsDocument document)
{
    public const string AwaitsPortMember = "awaitsPort";

    /// <summary>As long as ECS waits with a task that has no health check.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(40);

    public EcsDocument Document => document;

    public JsonObject Shape => document.Shape;

    public string Key => document.Key;

    public string Id => document.Key[(document.Key.LastIndexOf('/') + 1)..];

    public string? Deployment => document.Shape.Text("startedBy");

    public string LastStatus => Shape.Text("lastStatus")!;

    public bool Wanted => Shape.Text("desiredStatus") == "RUNNING";

    public bool Stopped => LastStatus == "STOPPED";

    /// <summary>It ends or has ended by itself, nobody asked for it.</summary>
    public bool Failing => !Wanted && !StopAsked;

    public bool Running => LastStatus == "RUNNING";

    /// <summary>Counts against maximumPercent: RUNNING, or on the way there.</summary>
    public bool Live => LastStatus is "PROVISIONING" or "PENDING" or "ACTIVATING" or "RUNNING";

    public bool Unhealthy => Running && Wanted && Shape.Text("healthStatus") == "UNHEALTHY";

    /// <summary>An essential container has a health check, so that health is known and not assumed.</summary>
    public bool HasCheck => document.Own.Flag("hasCheck") ?? false;

    public DateTimeOffset? StartedAt => Shape.Moment("startedAt");

    /// <summary>Set once the task counted as healthy.</summary>
    public bool WasHealthy { get => document.Own.Flag("wasHealthy") ?? false; set => document.Own["wasHealthy"] = value; }

    /// <summary>Its end has been taken into account.</summary>
    public bool Judged { get => document.Own.Flag("judged") ?? false; set => document.Own["judged"] = value; }

    /// <summary>Stopped from outside (scheduler, user, end of the server), so its end is no failure.</summary>
    public bool StopAsked { get => document.Own.Flag("stopAsked") ?? false; set => document.Own["stopAsked"] = value; }

    /// <summary>Its service's address waits for the port to answer, as a load balancer waits for its target.</summary>
    public bool AwaitsPort => document.Own.Flag(AwaitsPortMember) ?? false;

    /// <summary>ECS counts a task without a health check as healthy after it ran for a while. A port that stays silent does not
    /// hold a deployment for ever: the app may not serve at all, or elsewhere.</summary>
    public bool Healthy(DateTimeOffset now, TimeSpan healthyAfter) =>
        Running && Wanted
        && (!AwaitsPort || now - StartedAt >= SilenceLimit)
        && (HasCheck ? Shape.Text("healthStatus") == "HEALTHY" : now - StartedAt >= healthyAfter);

    public void AskToStop(string stopCode, string reason, DateTimeOffset now)
    {
        StopAsked = true;
        Shape["desiredStatus"] = "STOPPED";
        Shape["stopCode"] = stopCode;
        Shape["stoppedReason"] = reason;
        Shape["stoppingAt"] = now.Stamp();
        Shape["version"] = (Shape.Number("version") ?? 0) + 1;
    }
}

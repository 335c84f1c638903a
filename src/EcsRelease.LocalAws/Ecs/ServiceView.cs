using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Http;

namespace EcsRelease.LocalAws.Ecs;

/// <summary>A service's document, read as the scheduler sees it.</summary>
internal sealed class ServiceView(EcsDocument document)
{
    private const int EventsKept = 100;
    private static readonly TimeSpan s_repeatSuppressed = TimeSpan.FromHours(6);

    public EcsDocument Document => document;

    public JsonObject Shape => document.Shape;

    public string Key => document.Key;

    public string Cluster => document.Key[..document.Key.IndexOf('/', StringComparison.Ordinal)];

    public string Name => Shape.Text("serviceName")!;

    public string Status => Shape.Text("status")!;

    public int Desired => Status == "ACTIVE" ? Shape.Number("desiredCount") ?? 0 : 0;

    /// <summary>Healthy tasks that a deployment must keep.</summary>
    public int Lower => (int)Math.Ceiling(Desired * (Configuration.Number("minimumHealthyPercent") ?? 100) / 100.0);

    /// <summary>RUNNING and PENDING tasks that a deployment must not exceed.</summary>
    public int Upper => (int)Math.Floor(Desired * (Configuration.Number("maximumPercent") ?? 200) / 100.0);

    public JsonObject Configuration => Shape.Object("deploymentConfiguration")!;

    public JsonObject Breaker => Configuration.Object("deploymentCircuitBreaker") ?? [];

    public IReadOnlyList<JsonObject> Deployments => Shape.Objects("deployments");

    public JsonObject Primary => Deployments[0];

    /// <summary>The last deployment that COMPLETED, to roll back to: its entry of `deployments` and its rollout.</summary>
    public JsonObject? Completed
    {
        get => document.Own.Object("completed");
        set => document.Own["completed"] = value;
    }

    public bool Steady
    {
        get => document.Own.Flag("steady") ?? false;
        set => document.Own["steady"] = value;
    }

    public Rollout Rollout(string deploymentId)
    {
        var rollouts = document.Own.Object("rollouts");
        if (rollouts is null)
            document.Own["rollouts"] = rollouts = [];
        if (rollouts.Object(deploymentId) is not { } rollout)
            rollouts[deploymentId] = rollout = [];
        return new Rollout(rollout);
    }

    public void Forget(JsonObject deployment)
    {
        Shape.Array("deployments")!.Remove(deployment);
        document.Own.Object("rollouts")?.Remove(deployment.Text("id")!);
    }

    /// <summary>Something that goes wrong: told once until its cause is resolved or six hours have passed
    /// (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html).</summary>
    /// <param name="resolvedBy">What an event says that shows that the cause is gone.</param>
    public void AddTrouble(string text, DateTimeOffset now, string resolvedBy = "has reached a steady state.")
    {
        var message = $"(service {Name}) {text}";
        var since = Shape.Objects("events").TakeWhile(one => !one.Text("message")!.Contains(resolvedBy, StringComparison.Ordinal));
        if (!since.Any(one => one.Text("message") == message && now - one.Moment("createdAt") < s_repeatSuppressed))
            AddEvent(text, now);
    }

    /// <summary>Newest first; the message that stands on top already is not repeated for 6 hours, as ECS does.</summary>
    public void AddEvent(string text, DateTimeOffset now)
    {
        var events = Shape.Array("events")!;
        var message = $"(service {Name}) {text}";
        if (events.FirstOrDefault() is JsonObject newest && newest.Text("message") == message && now - newest.Moment("createdAt") < s_repeatSuppressed)
            return;
        events.Insert(0, new JsonObject { ["id"] = Guid.NewGuid().ToString(), ["createdAt"] = now.Stamp(), ["message"] = message });
        while (events.Count > EventsKept)
            events.RemoveAt(EventsKept);
    }
}

/// <summary>What the scheduler remembers of one deployment.</summary>
internal sealed class Rollout(JsonObject document)
{
    public JsonObject Document => document;

    /// <summary>Key of the service deployment's document.</summary>
    public string ServiceDeployment { get => document.Text("serviceDeployment")!; set => document["serviceDeployment"] = value; }

    public string Revision { get => document.Text("revision")!; set => document["revision"] = value; }

    /// <summary>Digest of each container's image, resolved once for the whole deployment.</summary>
    public JsonObject Digests
    {
        get
        {
            document["digests"] ??= new JsonObject();
            return document["digests"]!.AsObject();
        }
    }

    /// <summary>Consecutive tasks that failed.</summary>
    public int Failures { get => document.Number("failures") ?? 0; set => document["failures"] = value; }

    /// <summary>No further task is started: the deployment failed and is not rolled back.</summary>
    public bool Halted { get => document.Flag("halted") ?? false; set => document["halted"] = value; }

    /// <summary>Tasks that were stopped for their health and not replaced yet.</summary>
    public int Unhealthy { get => document.Number("unhealthy") ?? 0; set => document["unhealthy"] = value; }

    public DateTimeOffset NotBefore => document.Moment("notBefore") ?? DateTimeOffset.MinValue;

    public void Fail(DateTimeOffset now, TimeSpan first, TimeSpan limit)
    {
        Failures++;
        if (now < NotBefore)
            return;
        var delay = document.Real("delay") is { } last ? TimeSpan.FromSeconds(Math.Min(last * 2, limit.TotalSeconds)) : first;
        document["delay"] = delay.TotalSeconds;
        document["notBefore"] = (now + delay).Stamp();
    }

    public void Succeed(bool resetFailures)
    {
        if (resetFailures)
            Failures = 0;
        document.Remove("delay");
        document.Remove("notBefore");
    }
}

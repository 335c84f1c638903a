using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>The events of a service, `(service NAME) …` (docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html).</summary>
internal static partial class ServiceEvents
{
    /// <summary>Messages since a time, oldest first.</summary>
    public static IReadOnlyList<string> Since(JsonObject? service, DateTimeOffset since) =>
    [
        // ECS lists the newest first, also those of one moment.
        .. service.Objects("events").Reverse().Where(each => each.Time("createdAt") >= since)
            .OrderBy(each => each.Time("createdAt")).Select(each => each.Text("message") ?? ""),
    ];

    /// <summary>Those that tell of trouble, newest first; repeats are counted.</summary>
    public static IReadOnlyList<EventEvidence> Troubles(IReadOnlyList<string> oldestFirst) =>
        [.. oldestFirst.Reverse().Where(message => !IsRoutine(message)).GroupBy(AlikeText.Key).Select(alike => new EventEvidence(alike.First(), alike.Count()))];

    public static bool IsRoutine(string message) => Routine().IsMatch(message);

    [GeneratedRegex(
        @"^\(service [^)]+\) (?:\((?:deployment|taskSet|task set) [^)]+\) )?(?:"
        + @"has reached a steady state\.|has started \d+ tasks?: (?:\(task [^)]+\)[\s,]*)+\.?$|has stopped \d+ (?:running|pending) tasks?|stopped \d+ pending tasks?"
        + @"|registered \d+ targets? in |deregistered \d+ targets? in |has begun draining connections on |deployment completed\.)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Routine();
}

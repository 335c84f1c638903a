using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;

namespace EcsRelease.ServiceLogs;

/// <param name="Group">Name of the log group.</param>
/// <param name="Container">Its streams are PREFIX/CONTAINER/TASKID.</param>
internal sealed record LogFamily(string Group, string Prefix, string Container);

/// <summary>Logs of tasks that ECS does not list any more: found by the names of their streams (FilterLogEvents).</summary>
internal static class ForgottenTasks
{
    /// <summary>Where the containers of a revision log to.</summary>
    /// <param name="definition">As described.</param>
    public static IEnumerable<LogFamily> FamiliesOf(JsonObject definition, Func<string, bool> isWanted) =>
        from container in definition.Objects("containerDefinitions")
        let name = container.Text("name") ?? ""
        where isWanted(name)
        let place = LogPlace.Of(definition, name, "", null)
        where place.Absence is null
        select new LogFamily(place.Group, place.Stream, name);

    /// <summary>The lines of a time, oldest first.</summary>
    /// <param name="task">The beginning of a task's id; empty = any.</param>
    /// <param name="known">Ids of tasks that are read otherwise.</param>
    /// <exception cref="AwsServiceException"/>
    public static async IAsyncEnumerable<LogLine> ReadAsync(
        LogCalls logs, LogFamily family, string task, DateTimeOffset from, DateTimeOffset to, IReadOnlySet<string> known, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new JsonObject
        {
            ["logGroupName"] = family.Group, ["logStreamNamePrefix"] = family.Prefix + task, ["startTime"] = from.ToUnixTimeMilliseconds(), ["endTime"] = to.ToUnixTimeMilliseconds(),
        };
        string? token = null;
        do
        {
            if (token is not null)
                request["nextToken"] = token;
            // A page may be empty and not the last.
            var answer = await logs.CallAsync(client => client.FilterLogEventsAsync((JsonObject)request.DeepClone(), cancellationToken), cancellationToken);
            foreach (var found in answer.Objects("events"))
                if ((found.Text("logStreamName") ?? "").Split('/')[^1] is var id && !known.Contains(id))
                    yield return new(LogEvent.Of(found).At ?? from, id, family.Container, null, found.Text("message") ?? "");
            token = answer.Text("nextToken");
        }
        while (!string.IsNullOrEmpty(token));
    }
}

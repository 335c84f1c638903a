using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>The last lines of a container's log, where its log driver is awslogs.</summary>
internal sealed class ContainerLogs(AmazonCloudWatchLogsClient logs, JsonObject definition)
{
    private const int Lines = 20;

    // A page may be short, or empty, and not be the last one (GetLogEvents); a log that never ends is not read to its beginning.
    private const int MaxPages = 5;

    // How the lines begin that say why there is no log.
    private static readonly string[] _absences = ["(the container has no logConfiguration", "(its log ", "(log group ", "(it never logged"];

    /// <summary>The line is ours: it says why there is no log.</summary>
    public static bool IsAbsence(string line) => _absences.Any(start => line.StartsWith(start, StringComparison.Ordinal));

    public bool IsEssential(string container) => Container(container) is not { } found || (found.Flag("essential") ?? true);

    /// <summary>Oldest first; a line in parentheses says why there is none.</summary>
    public async Task<IReadOnlyList<string>> LastAsync(string container, string taskId, string? runtimeId, CancellationToken cancellationToken)
    {
        var place = LogPlace.Of(definition, container, taskId, runtimeId);
        return place.Absence is { } absence ? [absence] : await ReadAsync(place.Group, place.Stream, cancellationToken);
    }

    private async Task<IReadOnlyList<string>> ReadAsync(string group, string stream, CancellationToken cancellationToken)
    {
        try
        {
            var lines = await LastAsync(group, stream, cancellationToken);
            return lines.Count > 0 ? lines : ["(it never logged)"];
        }
        catch (AwsServiceException absent) when (absent.ErrorCode == "ResourceNotFoundException")
        {
            return absent.Message.Contains("log group", StringComparison.OrdinalIgnoreCase)
                ? [$"(log group '{group}' does not exist)"]
                : ["(it never logged)"];
        }
        catch (AwsServiceException unread)
        {
            return [$"(its log could not be read: {unread.Operation}: {unread.ErrorCode}: {unread.Message})"];
        }
        catch (EcsReleaseException unread)
        {
            // Credentials that are gone by now; the rest of the evidence is there.
            return [$"(its log could not be read: {unread.Code}: {unread.Message})"];
        }
    }

    private async Task<IReadOnlyList<string>> LastAsync(string group, string stream, CancellationToken cancellationToken)
    {
        List<string> lines = [];
        string? token = null;
        for (var page = 0; page < MaxPages && lines.Count < Lines; page++)
        {
            var request = new JsonObject { ["logGroupName"] = group, ["logStreamName"] = stream, ["startFromHead"] = false, ["limit"] = Lines };
            if (token is not null)
                request["nextToken"] = token;
            var answer = await logs.GetLogEventsAsync(request, cancellationToken);
            // An event may be several lines.
            lines.InsertRange(0, answer.Objects("events").SelectMany(each => (each.Text("message") ?? "").TrimEnd().ReplaceLineEndings("\n").Split('\n')));
            var next = answer.Text("nextBackwardToken");
            if (next is null || next == token)
                break;
            token = next;
        }
        return [.. lines.TakeLast(Lines)];
    }

    private JsonObject? Container(string name) =>
        definition.Objects("containerDefinitions").FirstOrDefault(each => each.Text("name") == name);
}

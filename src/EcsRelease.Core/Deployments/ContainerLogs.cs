using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>The last lines of a container's log, where its log driver is awslogs.</summary>
internal sealed class ContainerLogs(AmazonCloudWatchLogsClient logs, JsonObject definition)
{
    private const int Lines = 20;

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
            var events = await new LogStream(logs, group, stream).LastAsync(Lines, MaxPages, _ => true, cancellationToken);
            return events.Count > 0 ? [.. events.SelectMany(each => each.Lines).TakeLast(Lines)] : ["(it never logged)"];
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

    private JsonObject? Container(string name) =>
        definition.Objects("containerDefinitions").FirstOrDefault(each => each.Text("name") == name);
}

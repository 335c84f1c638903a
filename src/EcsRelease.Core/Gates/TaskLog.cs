using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;

namespace EcsRelease.Gates;

/// <summary>Passes on the lines that a container logs, while it runs.</summary>
internal sealed class TaskLog(AmazonCloudWatchLogsClient logs, OneOffTask task, IReporter reporter, TimeProvider time)
{
    // The log driver hands its last lines over a moment after the container's end.
    private const int LastLooks = 3;

    private static readonly TimeSpan _betweenLooks = TimeSpan.FromSeconds(1);

    private string? _token;
    private int _lines;
    private bool _isElsewhere;

    /// <param name="described">The task, of DescribeTasks.</param>
    public async Task ReadAsync(JsonObject described, CancellationToken cancellationToken)
    {
        if (_isElsewhere)
            return;
        var container = described.Objects("containers").FirstOrDefault(each => each.Text("name") == task.Container);
        var place = LogPlace.Of(task.Definition, task.Container, (described.Text("taskArn") ?? "").Split('/')[^1], container.Text("runtimeId"));
        if (place.Absence is { } absence)
        {
            // Without a prefix the stream is not known before the container runs.
            if (container.Text("lastStatus") is not (null or "PENDING"))
                GiveUp(absence);
            return;
        }
        try
        {
            await ReadAsync(place.Group, place.Stream, cancellationToken);
        }
        catch (AwsServiceException absent) when (absent.ErrorCode == "ResourceNotFoundException" || absent.IsPassing)
        {
            // The container has not logged yet, or the next look reads what this one could not.
            return;
        }
        catch (AwsServiceException unread)
        {
            GiveUp($"(its log cannot be read: {unread.Operation}: {unread.ErrorCode}: {unread.Message})");
        }
    }

    /// <summary>The lines that come late: until a look brings nothing new.</summary>
    public async Task EndAsync(JsonObject described, CancellationToken cancellationToken)
    {
        var before = _lines;
        await ReadAsync(described, cancellationToken);
        for (var look = 2; look <= LastLooks && !_isElsewhere && (_lines == 0 || _lines > before || look == 2); look++)
        {
            before = _lines;
            await Task.Delay(_betweenLooks, time, cancellationToken);
            await ReadAsync(described, cancellationToken);
        }
    }

    private async Task ReadAsync(string group, string stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            var request = new JsonObject { ["logGroupName"] = group, ["logStreamName"] = stream, ["startFromHead"] = true };
            if (_token is not null)
                request["nextToken"] = _token;
            var answer = await logs.GetLogEventsAsync(request, cancellationToken);
            // An event may be several lines.
            foreach (var line in answer.Objects("events").SelectMany(each => (each.Text("message") ?? "").TrimEnd().ReplaceLineEndings("\n").Split('\n')))
            {
                reporter.Detail($"| {InertText.Of(line)}");
                _lines++;
            }
            // At the end the token that was sent comes back (API_GetLogEvents).
            var next = answer.Text("nextForwardToken");
            if (next is null || next == _token)
                return;
            _token = next;
        }
    }

    private void GiveUp(string why)
    {
        _isElsewhere = true;
        reporter.Detail(why);
    }
}

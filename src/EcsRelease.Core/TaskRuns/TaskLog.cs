using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;

namespace EcsRelease.TaskRuns;

/// <summary>Passes on the lines that a container logs, while it runs.</summary>
/// <param name="line">Takes each line, once.</param>
/// <param name="reporter">Told when there is no log to be read.</param>
internal sealed class TaskLog(AmazonCloudWatchLogsClient logs, OneOffTask task, Action<string> line, IReporter reporter, TimeProvider time)
{
    // The log driver hands its last lines over a moment after the container's end.
    private const int LastLooks = 3;

    private static readonly TimeSpan _betweenLooks = TimeSpan.FromSeconds(1);

    private LogStream? _stream;
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
            await ReadAsync(_stream ??= new(logs, place.Group, place.Stream), cancellationToken);
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

    private async Task ReadAsync(LogStream stream, CancellationToken cancellationToken)
    {
        for (var isEnd = false; !isEnd;)
        {
            (var events, isEnd) = await stream.NextAsync(cancellationToken);
            foreach (var text in events.SelectMany(each => each.Lines))
            {
                line(text);
                _lines++;
            }
        }
    }

    private void GiveUp(string why)
    {
        _isElsewhere = true;
        reporter.Detail(why);
    }
}

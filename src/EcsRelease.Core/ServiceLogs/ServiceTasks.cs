using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;

namespace EcsRelease.ServiceLogs;

/// <summary>The tasks of a service as they come and go; ECS lists stopped ones for about an hour.</summary>
/// <param name="task">Only this one: its id, the beginning of it, or its ARN; null = all of the service.</param>
/// <param name="revisions">Only tasks of these ARNs; null = of any.</param>
internal sealed class ServiceTasks(AmazonEcsClient ecs, string cluster, string service, string? task, IReadOnlySet<string>? revisions)
{
    // Of a task; a short one is the beginning of an id.
    private const int FullId = 32;

    private readonly Dictionary<string, bool> _isStopped = new(StringComparer.Ordinal);

    private string? Wanted => task?.Split('/')[^1];

    /// <returns>Tasks that are new, or have stopped since the last look, as described.</returns>
    /// <exception cref="AwsServiceException"/>
    public async Task<IReadOnlyList<JsonObject>> RefreshAsync(CancellationToken cancellationToken)
    {
        List<string> asked = [];
        if (Wanted is { Length: >= FullId } id)
            // Also one that is not the service's: of `run`, or of a schedule.
            asked.AddRange(_isStopped.ContainsValue(true) ? [] : [id]);
        else
            foreach (var status in new[] { "RUNNING", "STOPPED" })
            {
                var request = new JsonObject { ["cluster"] = cluster, ["serviceName"] = service, ["desiredStatus"] = status };
                await foreach (var arn in Paging.ListAllAsync(ecs.ListTasksAsync, request, "taskArns", cancellationToken))
                    if (IsWanted((string)arn!) && (!_isStopped.TryGetValue((string)arn!, out var isStopped) || (status == "STOPPED" && !isStopped)))
                        asked.Add((string)arn!);
            }
        var described = await Paging.DescribeAllAsync(
            ecs.DescribeTasksAsync, new JsonObject { ["cluster"] = cluster }, "tasks", [.. asked.Distinct()], "tasks", Paging.TasksACall, cancellationToken);
        List<JsonObject> changed = [];
        foreach (var each in described.Objects("tasks").Where(each => revisions is null || revisions.Contains(each.Text("taskDefinitionArn") ?? "")))
        {
            var arn = each.Text("taskArn") ?? "";
            var isStopped = each.Text("lastStatus") == "STOPPED";
            if (_isStopped.TryGetValue(arn, out var before) && before == isStopped)
                continue;
            _isStopped[arn] = isStopped;
            changed.Add(each);
        }
        return changed;
    }

    private bool IsWanted(string arn) => Wanted is null || arn.Split('/')[^1].StartsWith(Wanted, StringComparison.Ordinal);
}

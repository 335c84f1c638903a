using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.TaskRuns;

/// <param name="Task">ARN; null = ECS did not place it.</param>
/// <param name="IsOwn">False when another run of the same release began it.</param>
/// <param name="Failure">Of RunTask's `failures`: why there is none.</param>
internal sealed record BegunTask(string? Task, bool IsOwn, JsonObject? Failure);

/// <summary>Begins a one-off task, once: a request that is sent again carries the same client token, and a run that was
/// killed is taken up where its task still runs.</summary>
internal sealed class TaskStart(AmazonEcsClient ecs, IReporter reporter)
{
    /// <exception cref="AwsServiceException">ECS refused, or did not answer.</exception>
    public async Task<BegunTask> RunAsync(OneOffTask task, CancellationToken cancellationToken)
    {
        if (task.TakesUp && await FindAsync(task, cancellationToken) is { } running)
        {
            reporter.Detail($"{running} of another run does this already; following it");
            return new(running, IsOwn: false, null);
        }
        var answer = await SendAsync(task, cancellationToken);
        // RunTask answers 200 also when it placed nothing (API_RunTask, failures).
        if (answer.Objects("tasks").FirstOrDefault().Text("taskArn") is { } arn)
        {
            reporter.Detail(arn);
            return new(arn, IsOwn: true, null);
        }
        return new(null, IsOwn: false, answer.Objects("failures").FirstOrDefault() ?? []);
    }

    private async Task<string?> FindAsync(OneOffTask task, CancellationToken cancellationToken)
    {
        try
        {
            // With startedBy no other filter is allowed; without a status those are listed that are to run.
            var listed = await ecs.ListTasksAsync(new JsonObject { ["cluster"] = task.Cluster, ["startedBy"] = task.StartedBy }, cancellationToken);
            var arns = listed.Texts("taskArns").ToList();
            if (arns.Count == 0)
                return null;
            var described = await ecs.DescribeTasksAsync(new JsonObject { ["cluster"] = task.Cluster, ["tasks"] = arns.ToJsonArray() }, cancellationToken);
            return described.Objects("tasks").FirstOrDefault(each => task.IsSame(each) && each.Text("desiredStatus") != "STOPPED").Text("taskArn");
        }
        catch (AwsServiceException denied) when (denied.IsAccessDenied)
        {
            reporter.Detail($"Whether the command runs already is not known: {denied.Operation} is denied");
            return null;
        }
    }

    private async Task<JsonObject> SendAsync(OneOffTask task, CancellationToken cancellationToken)
    {
        var request = task.Request();
        try
        {
            return await ecs.RunTaskAsync((JsonObject)request.DeepClone(), cancellationToken);
        }
        catch (AwsServiceException denied) when (denied.IsAccessDenied && denied.Message.Contains("ecs:TagResource", StringComparison.OrdinalIgnoreCase))
        {
            reporter.Detail("ecs:TagResource is denied, so the task gets no tags");
            request.Remove("propagateTags");
            return await ecs.RunTaskAsync(request, cancellationToken);
        }
        catch (Exception unsure) when (unsure is OperationCanceledException or AwsServiceException { IsAnswerLost: true })
        {
            reporter.Warn(Errors.GateTaskUnknown(task.Option, task.Cluster, task.StartedBy, task.TaskDefinition, task.TakesUp));
            throw;
        }
    }
}

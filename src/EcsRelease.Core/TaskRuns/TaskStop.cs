using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.TaskRuns;

/// <summary>Stops a one-off task that nobody waits for any more.</summary>
internal sealed class TaskStop(AmazonEcsClient ecs, IReporter reporter)
{
    // Real seconds, also in tests with a clock of their own: somebody pressed Ctrl-C and waits.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    /// <param name="why">Stands in the task's stoppedReason.</param>
    /// <param name="leave">Cancelled when somebody does not even wait for that.</param>
    /// <returns>A sentence that says what became of it.</returns>
    public async Task<string> RunAsync(OneOffTask task, string arn, string why, CancellationToken leave)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(leave);
        patience.CancelAfter(_patience);
        try
        {
            await ecs.StopTaskAsync(new JsonObject { ["cluster"] = task.Cluster, ["task"] = arn, ["reason"] = $"ecs-release: {why}" }, patience.Token);
            return $"Its task {arn} was stopped.";
        }
        catch (Exception left) when (left is AwsServiceException or EcsReleaseException or OperationCanceledException)
        {
            var warning = Errors.GateTaskLeft(task.Option, task.Cluster, arn, left is OperationCanceledException ? "no answer in time" : left.Message);
            reporter.Warn(warning);
            return warning.Message;
        }
    }
}

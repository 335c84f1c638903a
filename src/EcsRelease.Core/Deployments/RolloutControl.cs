using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Deployments;

/// <summary>Acts on the deployment that is in progress. Neither call tells a repetition from a second wish, so after a
/// lost answer, and after a refusal that somebody else's answer explains, the deployment is read before anything is sent
/// again.</summary>
internal sealed class RolloutControl(AmazonEcsClient ecs, string cluster, string service, TimeProvider time)
{
    private const int MaxAttempts = 4;

    // Looks, one pause apart: a listing, and what a lost request did, may show late.
    private const int Looks = 3;

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);
    private static readonly string[] _inProgress = ["PENDING", "IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"];

    /// <summary>A rollback is on its way already.</summary>
    public static bool IsRollingBack(JsonObject deployment) => deployment.Text("status") is "ROLLBACK_REQUESTED" or "ROLLBACK_IN_PROGRESS";

    public static bool IsInProgress(JsonObject deployment) => _inProgress.Contains(deployment.Text("status"));

    /// <summary>The deployment in progress as described; null when there is none.</summary>
    /// <exception cref="AwsServiceException">Also access denied: there is no way to act without it.</exception>
    public async Task<JsonObject?> FindAsync(CancellationToken cancellationToken)
    {
        for (var look = 1; ; look++)
        {
            var answer = await ecs.ListServiceDeploymentsAsync(
                new JsonObject { ["cluster"] = cluster, ["service"] = service, ["status"] = _inProgress.ToJsonArray() }, cancellationToken);
            if (answer.Objects("serviceDeployments").MaxBy(each => each.Time("createdAt")).Text("serviceDeploymentArn") is { } arn
                && await ReadAsync(arn, cancellationToken) is { } found && IsInProgress(found))
                return found;
            var described = await ecs.DescribeServiceAsync(cluster, service, cancellationToken);
            if (look == Looks || described.Primary().Text("rolloutState") != "IN_PROGRESS")
                return null;
            await Task.Delay(_pause, time, cancellationToken);
        }
    }

    /// <summary>Status of a deployment in words, for a refusal.</summary>
    /// <param name="arn">Null when none is listed.</param>
    /// <exception cref="AwsServiceException"/>
    public async Task<string> StateAsync(string? arn, CancellationToken cancellationToken) =>
        arn is null ? "not listed" : (await ReadAsync(arn, cancellationToken)).Text("status") ?? "unknown";

    /// <summary>Answers a hook with CONTINUE; done too when it has been answered by somebody else.</summary>
    /// <exception cref="AwsServiceException"/>
    public Task ContinueAsync(JsonObject deployment, string hookId, CancellationToken cancellationToken) => ActAsync(
        deployment,
        now => RolloutPause.Of(now).All(pause => pause.HookId != hookId),
        _ => AnswerAsync(deployment, hookId, "CONTINUE", cancellationToken),
        cancellationToken);

    /// <summary>Asks for the rollback, of a paused deployment by the answer to its hook; done too when it has ended or
    /// somebody else asked for it.</summary>
    /// <exception cref="AwsServiceException"/>
    public Task RollBackAsync(JsonObject deployment, CancellationToken cancellationToken) => ActAsync(
        deployment,
        now => IsRollingBack(now) || !IsInProgress(now),
        now => RolloutPause.Of(now) is [var pause, ..]
            ? AnswerAsync(deployment, pause.HookId, "ROLLBACK", cancellationToken)
            : ecs.StopServiceDeploymentAsync(new JsonObject { ["serviceDeploymentArn"] = Arn(deployment), ["stopType"] = "ROLLBACK" }, cancellationToken),
        cancellationToken);

    private static string Arn(JsonObject deployment) => deployment.Text("serviceDeploymentArn") ?? "";

    private Task<JsonObject> AnswerAsync(JsonObject deployment, string hookId, string action, CancellationToken cancellationToken) =>
        ecs.ContinueServiceDeploymentAsync(new JsonObject { ["serviceDeploymentArn"] = Arn(deployment), ["hookId"] = hookId, ["action"] = action }, cancellationToken);

    private async Task ActAsync(JsonObject deployment, Func<JsonObject, bool> isDone, Func<JsonObject, Task> send, CancellationToken cancellationToken)
    {
        var now = deployment;
        for (var attempt = 1; !isDone(now); attempt++)
        {
            var before = now;
            try
            {
                await send(now);
                return;
            }
            catch (AwsServiceException failed) when (failed.IsAnswerLost || IsOvertaken(failed))
            {
                now = await SettledAsync(before, isDone, cancellationToken);
                var isSame = RolloutPause.Of(now).SequenceEqual(RolloutPause.Of(before));
                // A refusal of what has not changed stays one; a lost request is sent again a few times.
                if (!isDone(now) && (attempt == MaxAttempts || (isSame && !failed.IsAnswerLost)))
                    throw;
            }
        }
    }

    // The deployment went on, or its hook was answered, since it was read.
    private static bool IsOvertaken(AwsServiceException refused) =>
        refused.ErrorCode is "ConflictException" or "InvalidParameterException" or "ClientException";

    private async Task<JsonObject> SettledAsync(JsonObject before, Func<JsonObject, bool> isDone, CancellationToken cancellationToken)
    {
        var now = before;
        for (var look = 1; look <= Looks && !isDone(now); look++)
        {
            await Task.Delay(_pause, time, cancellationToken);
            now = await ReadAsync(Arn(before), cancellationToken) ?? now;
        }
        return now;
    }

    private async Task<JsonObject?> ReadAsync(string arn, CancellationToken cancellationToken) =>
        (await ecs.DescribeServiceDeploymentsAsync(new JsonObject { ["serviceDeploymentArns"] = new JsonArray(arn) }, cancellationToken))
            .Objects("serviceDeployments").FirstOrDefault();
}

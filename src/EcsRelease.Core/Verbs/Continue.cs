using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;

namespace EcsRelease.Verbs;

/// <summary>Lets a deployment go on that waits at a lifecycle hook (ContinueServiceDeployment), and follows it to its
/// end, or its next pause.</summary>
/// <param name="hook">Id of the hook; null = the only one that waits.</param>
public sealed class Continue(ReleaseOptions options, string service, string? hook, IReleaseTarget target, IReporter reporter, TimeProvider time)
{
    private readonly WarningList log = new(reporter);

    /// <returns>How the deployment ended, also badly; `started` when it is not waited for.</returns>
    /// <exception cref="EcsReleaseException">No hook waits, or AWS refuses (ECSR4xxx, 5113, 5130, 5132, 5133).</exception>
    public Task<ReleaseRecord> RunAsync(CancellationToken cancellationToken) => Explained.RunAsync($"{options.Cluster}/{service}", async () =>
    {
        log.Step(ReleaseStep.Preflight, $"Looking for the pause of {service}");
        using var access = await target.ConnectAsync(cancellationToken);
        var followed = new FollowedService(options, service, target, access, log, time);
        var rollout = await followed.FindAsync(cancellationToken);
        var control = new RolloutControl(access.Ecs, options.Cluster, service, time);
        var running = await control.FindAsync(cancellationToken) ?? throw Errors.NothingToContinue(service, await control.StateAsync(rollout.ServiceDeployment, cancellationToken), rollout.FollowCommand);
        var pause = Chosen(running, rollout);

        log.Step(ReleaseStep.Update, $"Letting {service} go on after {RolloutPause.Text(pause)}");
        await control.ContinueAsync(running, pause.HookId, cancellationToken);
        rollout = rollout with { AnsweredHook = pause.HookId };
        if (!options.Wait)
            return await followed.RecordAsync(rollout, ReleaseOutcome.Started, $"Follow it: {rollout.FollowCommand}", cancellationToken);

        log.Step(ReleaseStep.Rollout, $"Following {rollout.TaskDefinition.Split('/')[^1]} in {service}");
        var result = await followed.WatchAsync(rollout, options.OnPause, cancellationToken);
        return await followed.RecordAsync(rollout, result, cancellationToken);
    });

    private PauseEvidence Chosen(JsonObject running, StartedRollout rollout)
    {
        var waiting = RolloutPause.Of(running);
        if (waiting.Count == 0)
            throw Errors.NothingToContinue(service, string.Join(' ', new[] { running.Text("status"), running.Text("lifecycleStage") }.OfType<string>()), rollout.FollowCommand);
        var chosen = waiting.Where(pause => hook is null || pause.HookId == hook).ToList();
        return chosen is [var only] ? only : throw Errors.HookUnclear(service, hook, waiting.Select(RolloutPause.Text), rollout.ContinueCommand);
    }
}

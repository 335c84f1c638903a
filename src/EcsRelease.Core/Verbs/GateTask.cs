using System.Globalization;
using System.Text.Json.Nodes;
using EcsRelease.Aws.Targets;
using EcsRelease.TaskRuns;

namespace EcsRelease.Verbs;

/// <summary>A gate's command in the release: its task, and what is said when the release is cancelled meanwhile.</summary>
internal sealed class GateTask(AwsAccess access, ReleaseLog log, TimeProvider time)
{
    /// <param name="option">`EcsBeforeDeploy` or `EcsAfterDeploy`.</param>
    /// <param name="service">A service as described, or the request that is going to create it.</param>
    public static OneOffTask Of(string option, string command, GatedRelease release, JsonObject service)
    {
        var (plan, desired, revision, image) = release;
        var definition = desired.WithImage(image.Reference);
        definition["taskDefinitionArn"] = revision.Arn;
        return new()
        {
            Option = option,
            Cluster = plan.Cluster,
            TaskDefinition = revision.Arn,
            Definition = definition,
            Container = desired.Container,
            Command = ShellWords.Split(command),
            Commit = plan.Commit.Sha,
            Service = service,
            Attempt = plan.StartedAt.ToString("O", CultureInfo.InvariantCulture),
        };
    }

    /// <exception cref="Aws.AwsServiceException"/>
    public async Task<CommandEnd> RunAsync(OneOffTask task, TimeSpan limit, CancellationToken cancellationToken)
    {
        var gate = new CommandRun(access, log, time);
        log.RunsTask = true;
        try
        {
            return await gate.RunAsync(task, limit, cancellationToken);
        }
        finally
        {
            log.RunsTask = false;
            // Cancelled before there was a task, the check's own remark stays.
            if (gate.GivenUp is { } given)
                log.GateRemark = $"{task.Option} did not end. {given}";
        }
    }
}

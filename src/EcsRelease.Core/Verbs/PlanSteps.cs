using System.Text.Json.Nodes;
using EcsRelease.Aws;
using EcsRelease.Deployments;
using EcsRelease.Gates;
using EcsRelease.TaskDefinitions;
using static EcsRelease.PlannedCall;

namespace EcsRelease.Verbs;

/// <summary>The steps that a release is going to take by its plan, in order, each with the calls that it makes: what
/// <see cref="Release"/> does, told beforehand.</summary>
internal sealed class PlanSteps(ReleasePlan plan, ReleaseOptions options, DesiredRevision desired)
{
    private string Image => $"{plan.Repository.Uri ?? plan.Repository.Name}:{plan.Tag}";

    private string Service => $"{plan.Cluster}/{plan.Service}";

    public IReadOnlyList<PlannedStep> All()
    {
        List<PlannedStep> steps = [.. ImageSteps()];
        if (options.StopAfter == StopAfterStep.Push)
            return [.. steps, new("stop", "stop there and hand on the image")];
        steps.Add(RevisionStep());
        if (options.StopAfter == StopAfterStep.Register)
            return [.. steps, new("stop", "stop there and hand on the task definition")];
        if (options.BeforeDeploy is { } before && plan.Update != UpdateAction.Unchanged && !plan.RunsOurRevision)
            steps.Add(new("before", $"run '{before}' in a task of that revision; go on when it exits with 0") { Calls = TaskCalls() });
        steps.Add(ServiceStep());
        if (plan.Update == UpdateAction.Unchanged)
            return steps;
        steps.Add(options.StopAfter == StopAfterStep.Update ? new("stop", "stop there and hand on the deployment") { Calls = BegunCalls() } : RolloutStep());
        if (options is { AfterDeploy: { } after, StopAfter: StopAfterStep.None, Wait: true })
            steps.Add(AfterStep(AfterDeployCheck.Parse(after)));
        return steps;
    }

    private PlannedStep AfterStep(AfterDeployCheck check) => new("after", $"check {check.Shown}{(options.AfterDeployRollback ? "; set the service back when it fails" : "")}")
    {
        Calls =
        [
            .. check.Command.Count > 0 ? TaskCalls() : [],
            .. options.AfterDeployRollback && plan.LiveService is not null ? [Write("ecs:UpdateService", Service)] : Array.Empty<PlannedCall>(),
        ],
    };

    // Which deployment the revision has.
    private IReadOnlyList<PlannedCall> BegunCalls() => [Read("ecs:ListServiceDeployments", Service), Read("ecs:DescribeServiceRevisions", Service)];

    private IReadOnlyList<PlannedCall> TaskCalls() =>
        [Read("ecs:ListTasks", plan.Cluster), Write("ecs:RunTask", desired.Family), Read("ecs:DescribeTasks", plan.Cluster), Read("logs:GetLogEvents", LogGroups.Of(desired) ?? "*")];

    private IEnumerable<PlannedStep> ImageSteps()
    {
        var name = plan.Repository.Name;
        if (plan.Repository.Uri is null)
            yield return new("repository", $"create repository {name} (immutable tags, scan on push)") { Calls = [Write("ecr:CreateRepository", name)] };
        var moved = plan.MovingTags.Select(tag => Write("ecr:PutImage", $"{name}:{tag}"));
        IReadOnlyList<string> details =
        [
            .. UnchangedCheck.Applies(plan, options) ? ["unless nothing but the commit differs from what is live: then nothing at all is done (EcsSkipUnchanged)"] : Array.Empty<string>(),
            .. plan.MovingTags.Count == 0 ? Array.Empty<string>() : [$"move to it: {string.Join(", ", plan.MovingTags)}"],
        ];
        PlannedCall[] looks = UnchangedCheck.Applies(plan, options)
            ? [Read("ecs:DescribeServices", Service), Read("ecr:BatchGetImage", name), Read("ecs:DescribeServiceRevisions", Service), Read("ecr:GetAuthorizationToken", "*")]
            : [];
        if (plan.NeedsBuild)
            yield return new("image", $"build {Image} for {plan.Platform} and push it")
            {
                Details = details,
                Calls =
                [
                    .. looks,
                    Read("ecr:GetAuthorizationToken", "*"),
                    Read("ecr:BatchCheckLayerAvailability", name),
                    // Layers that are there are not sent; the image's config always is.
                    Write("ecr:InitiateLayerUpload", name),
                    Write("ecr:UploadLayerPart", name),
                    Write("ecr:CompleteLayerUpload", name),
                    Write("ecr:PutImage", $"{name}:{plan.Tag}"),
                    Read("ecr:BatchGetImage", $"{name}:{plan.Tag}"),
                    .. moved,
                ],
            };
        else
            yield return new("image", $"use {Image}, which is there ({plan.Image!.Manifest.Digest})")
            {
                Details = details,
                Calls = plan.MovingTags.Count == 0 ? looks : [.. looks, Read("ecr:GetAuthorizationToken", "*"), .. moved],
            };
    }

    private PlannedStep RevisionStep()
    {
        List<PlannedCall> calls = [];
        // Elsewhere it belongs to the service's step.
        if (options.StopAfter == StopAfterStep.Register && plan.LiveService is not null)
            calls.Add(Read("ecs:DescribeServices", Service));
        if (plan.MissingLogGroup is { } group)
            calls.Add(Write("logs:CreateLogGroup", group));
        if (plan.Definition.Parameters is { } parameters)
            calls.AddRange(parameters.Asked.Select(name => Read("ssm:GetParameters", name)));
        calls.Add(Read("ecs:ListTaskDefinitions", desired.Family));
        calls.Add(Read("ecs:DescribeTaskDefinition", desired.Family));
        if (plan.ExistingRevision is { } arn)
            return new("revision", $"use revision {RevisionName(arn)}, which this commit has already") { Details = desired.Changes, Calls = calls };
        calls.Add(Write("ecs:RegisterTaskDefinition", desired.Family));
        return new("revision", $"register a revision of {desired.Family} from {desired.From}") { Details = desired.Changes, Calls = calls };
    }

    private PlannedStep ServiceStep()
    {
        List<PlannedCall> calls = [Read("ecs:DescribeServices", Service)];
        if (plan.LiveService is not { } live)
            return new("service", $"create service {plan.Service} in cluster {plan.Cluster} with {options.DesiredCount} task(s)")
            {
                Details = StrategyText.Of(ServiceCreation.DeploymentConfiguration(options)),
                Calls = [.. calls, Write("ecs:CreateService", Service)],
            };
        if (plan.RunsOurRevision)
            calls.Add(Read("ecs:DescribeServiceRevisions", Service));
        if (plan.Update == UpdateAction.Unchanged)
            calls.AddRange(BegunCalls());
        if (plan.Update is UpdateAction.Update or UpdateAction.ForceUpdate)
            calls.AddRange([Read("ecs:ListServiceDeployments", Service), Write("ecs:UpdateService", Service)]);
        var text = plan.Update switch
        {
            UpdateAction.Unchanged => $"leave service {plan.Service}: {Live(live)} is live and complete",
            UpdateAction.Join => $"leave service {plan.Service}: the deployment of {Live(live)} goes on, follow it",
            UpdateAction.Watch => $"leave service {plan.Service}: {Live(live)} is live with {live.RunningCount} of {live.DesiredCount} tasks, watch it",
            UpdateAction.ForceUpdate => $"deploy {Live(live)} in service {plan.Service} of cluster {plan.Cluster} anew",
            _ => $"update service {plan.Service} in cluster {plan.Cluster}, live is {Live(live)}",
        };
        return new("service", text) { Details = [.. Conflict(live), .. StrategyText.Of(live.Description["deploymentConfiguration"] as JsonObject, live.Controller)], Calls = calls };
    }

    private IEnumerable<string> Conflict(LiveService live)
    {
        if (plan.Update == UpdateAction.Update && live.RolloutState == "IN_PROGRESS")
            yield return options.OnConflict == ConflictPolicy.Supersede ? "replacing the deployment in progress" : "after the deployment in progress has ended";
    }

    private PlannedStep RolloutStep()
    {
        if (!options.Wait)
            return new("rollout", "do not wait for the rollout") { Calls = BegunCalls() };
        var live = plan.LiveService?.Description;
        var groups = live is not null ? TargetHealth.GroupsOf(live) : options.TargetGroup is { } target ? [target] : [];
        return new("rollout", $"wait up to {options.Timeout.TotalMinutes:0.#} min for the rollout")
        {
            Calls =
            [
                Read("ecs:DescribeServices", Service), Read("ecs:ListServiceDeployments", Service),
                Read("ecs:DescribeServiceDeployments", Service), Read("ecs:DescribeServiceRevisions", Service),
                // Only when tasks fail.
                Read("ecs:ListTasks", Service), Read("ecs:DescribeTasks", Service), Read("logs:GetLogEvents", LogGroups.Of(desired) ?? "*"),
                .. groups.Select(group => Read("elasticloadbalancing:DescribeTargetHealth", group)),
                .. live.Object("deploymentConfiguration").Object("alarms").Texts("alarmNames").Select(alarm => Read("cloudwatch:DescribeAlarms", alarm)),
            ],
        };
    }

    private string Live(LiveService live) =>
        plan.LiveCommit is { } commit ? $"{RevisionName(live.TaskDefinition)} ({commit[..Math.Min(12, commit.Length)]})" : RevisionName(live.TaskDefinition);

    private static string RevisionName(string arn) => arn.Split('/')[^1];
}

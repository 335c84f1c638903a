using EcsRelease.Aws.Targets;
using EcsRelease.Deployments;

namespace EcsRelease.Verbs;

/// <summary>What the live service says against a release, or about it: refused before anything is built, else warned of.</summary>
internal sealed class LiveChecks(ReleaseOptions options, TargetDefaults defaults, string service, string region, Action<Notice> warn)
{
    private bool UpdatesService => options.StopAfter is StopAfterStep.None or StopAfterStep.Update;

    /// <exception cref="EcsReleaseException">ECSR4010, 5101, 5102, 5106, 5109, 5171.</exception>
    public void Check(LiveRelease live, string commit)
    {
        if (options.StopAfter == StopAfterStep.Push)
            return;
        if (live.Service is not { } found)
        {
            if (UpdatesService && !(options.CreateService ?? defaults.CreateService))
                throw Errors.ServiceMissing(service, options.Cluster);
            return;
        }
        if (found.Status != "ACTIVE")
            throw Errors.ServiceNotActive(service, found.Status);
        if (!UpdatesService)
            return;
        CheckUpdate(found);
        CheckConflict(found, live.Commit == commit);
        WarnOfService(found);
    }

    /// <summary>What stands against any update of the service, whatever revision it brings.</summary>
    /// <exception cref="EcsReleaseException">ECSR5102, 5106, 5109, 5171.</exception>
    public void CheckUpdate(LiveService found)
    {
        if (found.Status != "ACTIVE")
            throw Errors.ServiceNotActive(service, found.Status);
        if (found.IsExpress)
            throw Errors.ExpressService(service, found.Description["serviceArn"]?.ToString() ?? service, region);
        if (found.Controller != "ECS")
            throw Errors.ControllerNotOffered(service, options.Cluster, found.Controller);
        CheckOwner(found);
    }

    private void CheckOwner(LiveService found)
    {
        if (found.OwnedBy is not { } owner || options.Owned == OwnedPolicy.Ignore)
            return;
        if (options.Owned == OwnedPolicy.Refuse)
            throw Errors.OwnedByStack(service, owner);
        warn(Errors.OwnedWarning(service, owner));
    }

    private void CheckConflict(LiveService found, bool isOurs)
    {
        if (found.RolloutState != "IN_PROGRESS" || isOurs)
            return;
        if (options.OnConflict == ConflictPolicy.Fail)
            throw Errors.ConflictInProgress(service, found.TaskDefinition, TimeSpan.Zero, found.FailedTasks);
        warn(Errors.DeploymentInProgress(service, found.TaskDefinition, options.OnConflict == ConflictPolicy.Supersede));
    }

    private void WarnOfService(LiveService found)
    {
        if (found.Strategy == "ROLLING" && !found.IsBreakerOn)
            warn(Errors.BreakerOff(service, options.Cluster, region));
        if (found.DesiredCount == 0 && found.Description["schedulingStrategy"]?.ToString() != "DAEMON")
            warn(Errors.NoTaskWanted(service, options.Cluster, region));
        var drift = new CreationDrift(options, found, options.Cluster, service, region);
        if (drift.Differences.Count > 0)
            // What an owner has declared is changed by the owner alone.
            warn(Errors.CreationOptionsDiffer(service, drift.Differences, drift.Command, found.Owner));
    }
}

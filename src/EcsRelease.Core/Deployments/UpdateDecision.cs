namespace EcsRelease.Deployments;

public enum UpdateAction
{
    Create,
    Update,

    /// <summary>A new deployment of the revision that is PRIMARY already.</summary>
    ForceUpdate,

    /// <summary>The revision is being rolled out already: follow that deployment.</summary>
    Join,

    /// <summary>Live and complete, nothing to do.</summary>
    Unchanged,

    /// <summary>Live, but fewer tasks run than are wanted: watch whether they come back.</summary>
    Watch,

    /// <summary>Another revision is being rolled out.</summary>
    Conflict,

    /// <summary>Deleted, or being deleted, since the plan was made.</summary>
    Gone,
}

/// <summary>What has to be done so that a revision goes live (DESIGN 5 `unchanged`, 14 `Re-run` and `Conflict`).</summary>
public static class UpdateDecision
{
    /// <param name="existed">The plan found the service; without one then, it was allowed to create it.</param>
    /// <param name="runningDigest">Digest that the service's current revision runs; null when unknown.</param>
    /// <param name="digest">Digest of the image that is released; null = the definition decides alone.</param>
    public static UpdateAction Decide(LiveService? service, bool existed, string taskDefinition, string? digest, string? runningDigest, bool force)
    {
        if (service is null)
            return existed ? UpdateAction.Gone : UpdateAction.Create;
        if (service.Status != "ACTIVE")
            return UpdateAction.Gone;
        if (service.TaskDefinition != taskDefinition)
            return service.RolloutState == "IN_PROGRESS" ? UpdateAction.Conflict : UpdateAction.Update;
        if (force)
            return UpdateAction.ForceUpdate;
        return service.RolloutState switch
        {
            // A new deployment would interrupt the rollback.
            "FAILED" => service.RollsBack ? UpdateAction.Join : UpdateAction.ForceUpdate,
            "COMPLETED" when digest is not null && runningDigest is not null && runningDigest != digest => UpdateAction.ForceUpdate,
            "COMPLETED" => service.RunningCount < service.DesiredCount ? UpdateAction.Watch : UpdateAction.Unchanged,
            // Without a state (Classic Load Balancer) only watching tells whether it is complete.
            _ => UpdateAction.Join,
        };
    }
}

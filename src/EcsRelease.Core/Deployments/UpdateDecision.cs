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
}

/// <summary>What has to be done so that a revision goes live (DESIGN 5 `unchanged`, 14 `Re-run` and `Conflict`).</summary>
public static class UpdateDecision
{
    /// <param name="runningDigest">Digest that the service's current revision runs; null when unknown.</param>
    /// <param name="digest">Digest of the image that is released; null = the definition decides alone.</param>
    public static UpdateAction Decide(LiveService? service, string taskDefinition, string? digest, string? runningDigest, bool force)
    {
        if (service is null)
            return UpdateAction.Create;
        if (service.TaskDefinition != taskDefinition)
            return service.RolloutState == "IN_PROGRESS" ? UpdateAction.Conflict : UpdateAction.Update;
        if (force || service.RolloutState == "FAILED" || (digest is not null && runningDigest is not null && runningDigest != digest))
            return UpdateAction.ForceUpdate;
        if (service.RolloutState == "IN_PROGRESS")
            return UpdateAction.Join;
        return service.RunningCount < service.DesiredCount ? UpdateAction.Watch : UpdateAction.Unchanged;
    }
}

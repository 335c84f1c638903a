namespace EcsRelease.Verbs;

/// <summary>One release: read the commit, plan, build the image, push it, register a revision, update the service, wait.</summary>
public sealed class Release(ReleaseOptions options, ProjectInfo project, IReporter reporter, TimeProvider time)
{
    /// <summary>Reads everything that decides the release, changes nothing.</summary>
    /// <exception cref="EcsReleaseException">The release is refused; nothing was changed.</exception>
    public Task<ReleasePlan> PlanAsync(CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"{options} {project} {reporter} {time}");

    /// <summary>Does what was planned. How it ended is in the record, failures too; only cancellation is thrown.</summary>
    public Task<ReleaseRecord> RunAsync(ReleasePlan plan, IPublisher publisher, CancellationToken cancellationToken) =>
        throw new InvalidOperationException(project.ToString());

    /// <summary>The record of a release that ended before or in its plan.</summary>
    public ReleaseRecord RecordOf(EcsReleaseException error) =>
        throw new InvalidOperationException(project.ToString());
}

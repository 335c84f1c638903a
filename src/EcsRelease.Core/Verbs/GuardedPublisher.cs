using EcsRelease.Git;

namespace EcsRelease.Verbs;

/// <summary>A publisher whose output is held against the commit: what targets and referenced projects add to a publish
/// is not known before.</summary>
internal sealed class GuardedPublisher(IPublisher publisher, Commit commit, ReleaseOptions options, ProjectInfo project, Action<Notice> warn) : IPublisher
{
    /// <exception cref="EcsReleaseException">ECSR2004, and what the publisher throws.</exception>
    public async Task<PublishedProject> PublishAsync(CancellationToken cancellationToken)
    {
        var published = await publisher.PublishAsync(cancellationToken);
        await CommitGuard.CheckInputsAsync(commit, [.. published.Sources.Except(project.PublishInputs)], options, project, warn, cancellationToken);
        return published;
    }
}

using EcsRelease.Aws.Targets;
using EcsRelease.Images;
using EcsRelease.Images.Ecr;

namespace EcsRelease.Verbs;

/// <summary>How a release comes to its image.</summary>
internal interface IImageSource
{
    /// <returns>Null when the plan found the image.</returns>
    /// <exception cref="EcsReleaseException">ECSR3xxx, 2004, and what the publisher throws.</exception>
    Task<BuiltImage?> BuildAsync(ReleasePlan plan, IPublisher publisher, ReleaseLog log, CancellationToken cancellationToken);

    /// <param name="image">Null when it is there.</param>
    /// <returns>The image, in its repository.</returns>
    Task<PushedImage> PushAsync(ReleasePlan plan, BuiltImage? image, ReleaseLog log, CancellationToken cancellationToken);
}

/// <summary>The build and push steps of one release.</summary>
internal sealed class ImageSteps(ReleaseOptions options, IReleaseTarget target, ProjectInfo project, StateFolder state, TimeProvider time) : IImageSource, IDisposable
{
    private readonly List<ImageBuild> _builds = [];

    public Task<BuiltImage?> BuildAsync(ReleasePlan plan, IPublisher publisher, ReleaseLog log, CancellationToken cancellationToken) =>
        log.StepAsync(ReleaseStep.Build, plan.NeedsBuild ? $"Building the image of {plan.Commit.Sha[..12]}" : $"Image {plan.Tag} is there, nothing to build", () =>
        {
            // Layers of the base stream through it at each push.
            var build = new ImageBuild(options, target.Defaults.MayUseLocalBase, state, time, log.Warn);
            _builds.Add(build);
            return build.BuildAsync(plan, new GuardedPublisher(publisher, plan.Commit, options, project, log.Warn), cancellationToken);
        });

    public Task<PushedImage> PushAsync(ReleasePlan plan, BuiltImage? image, ReleaseLog log, CancellationToken cancellationToken) =>
        log.StepAsync(ReleaseStep.Push, image is null ? $"Using {plan.Repository.Name}:{plan.Tag}" : $"Pushing to {plan.Repository.Name}",
            () => new EcrPush(plan.Access.Ecr, options, target.Defaults, log, time).PushAsync(plan, image, cancellationToken));

    public void Dispose() => _builds.ForEach(build => build.Dispose());
}

using EcsRelease.Aws.Targets;
using EcsRelease.Images;
using EcsRelease.Images.Ecr;

namespace EcsRelease.Verbs;

/// <summary>The images of one run with several services: each is built once, and pushed once to each repository. One
/// release at a time: publishes of projects that share references must not run at once.</summary>
internal sealed class RunImages(StateFolder state, TimeProvider time) : IDisposable
{
    private readonly Dictionary<string, BuiltImage?> _built = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PushedImage> _pushed = new(StringComparer.Ordinal);
    private readonly List<ImageBuild> _builds = [];

    public IImageSource Of(ReleaseOptions options, IReleaseTarget target, ProjectInfo project) =>
        new Source(this, options, target, project, new ImageSteps(options, target, project, state, time));

    /// <summary>What is one image: two plans of it need one build.</summary>
    public static string KeyOf(ProjectInfo project, ReleasePlan plan) => $"{project.ProjectFile} {plan.Tag} {plan.ImageInputs.Value}";

    public void Dispose() => _builds.ForEach(build => build.Dispose());

    private sealed class Source(RunImages images, ReleaseOptions options, IReleaseTarget target, ProjectInfo project, ImageSteps steps) : IImageSource
    {
        public async Task<PushedImage> PushAsync(ReleasePlan plan, IPublisher publisher, ReleaseLog log, CancellationToken cancellationToken)
        {
            var place = string.Join(' ', plan.Access.Region, plan.Repository.RegistryId, plan.Repository.Name, plan.Tag, options.ImageReference, string.Join(';', options.MovingTags));
            if (images._pushed.TryGetValue(place, out var there))
                return there with { Figures = new("none", null, 0, 0, 0) };
            return images._pushed[place] = await steps.PushAsync(plan, await BuiltAsync(plan, publisher, log, cancellationToken), log, cancellationToken);
        }

        private async Task<BuiltImage?> BuiltAsync(ReleasePlan plan, IPublisher publisher, ReleaseLog log, CancellationToken cancellationToken)
        {
            if (!plan.NeedsBuild)
                return null;
            var key = KeyOf(project, plan);
            if (images._built.TryGetValue(key, out var built))
                return built;
            // Layers of the base stream through it at each push.
            var build = new ImageBuild(options, target.Defaults.MayUseLocalBase, images.State, images.Time, log.Warn);
            images._builds.Add(build);
            return images._built[key] = await steps.BuildAsync(build, plan, publisher, log, cancellationToken);
        }
    }

    private StateFolder State => state;

    private TimeProvider Time => time;
}

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
    private readonly List<ImageSteps> _steps = [];

    public IImageSource Of(ReleaseOptions options, IReleaseTarget target, ProjectInfo project)
    {
        var steps = new ImageSteps(options, target, project, state, time);
        _steps.Add(steps);
        return new Source(this, options, project, steps);
    }

    public void Dispose() => _steps.ForEach(steps => steps.Dispose());

    private sealed class Source(RunImages images, ReleaseOptions options, ProjectInfo project, ImageSteps steps) : IImageSource
    {
        public async Task<BuiltImage?> BuildAsync(ReleasePlan plan, IPublisher publisher, ReleaseLog log, CancellationToken cancellationToken)
        {
            if (!plan.NeedsBuild)
                return await steps.BuildAsync(plan, publisher, log, cancellationToken);
            var key = $"{project.ProjectFile} {plan.Tag} {plan.ImageInputs.Value}";
            return images._built.TryGetValue(key, out var built) ? built : images._built[key] = await steps.BuildAsync(plan, publisher, log, cancellationToken);
        }

        public async Task<PushedImage> PushAsync(ReleasePlan plan, BuiltImage? image, ReleaseLog log, CancellationToken cancellationToken)
        {
            var place = string.Join(' ', plan.Access.Region, plan.Repository.RegistryId, plan.Repository.Name, plan.Tag, options.ImageReference, string.Join(';', options.MovingTags));
            return images._pushed.TryGetValue(place, out var there)
                ? there with { Figures = new("none", null, 0, 0, 0) }
                : images._pushed[place] = await steps.PushAsync(plan, image, log, cancellationToken);
        }
    }
}

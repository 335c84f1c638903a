using EcsRelease.Images;
using EcsRelease.Images.Ecr;

namespace EcsRelease.Verbs;

/// <summary>A release among others: it makes its image, and then waits until it may change its service.</summary>
internal sealed class ReleaseTurn(IImageSource images) : IImageSource
{
    private readonly TaskCompletionSource _pushed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its image is in its repository.</summary>
    public Task Pushed => _pushed.Task;

    /// <summary>It may change its service.</summary>
    public bool HasBegun => _begun.Task.IsCompletedSuccessfully;

    public void Begin() => _begun.TrySetResult();

    /// <summary>It ends without having changed anything.</summary>
    public void Refuse(EcsReleaseException why) => _begun.TrySetException(why);

    public Task<BuiltImage?> BuildAsync(ReleasePlan plan, IPublisher publisher, ReleaseLog log, CancellationToken cancellationToken) =>
        images.BuildAsync(plan, publisher, log, cancellationToken);

    public async Task<PushedImage> PushAsync(ReleasePlan plan, BuiltImage? image, ReleaseLog log, CancellationToken cancellationToken)
    {
        var pushed = await images.PushAsync(plan, image, log, cancellationToken);
        _pushed.TrySetResult();
        await _begun.Task.WaitAsync(cancellationToken);
        return pushed;
    }
}

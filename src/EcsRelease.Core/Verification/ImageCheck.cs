using System.Text.Json.Nodes;
using EcsRelease.Aws;

namespace EcsRelease.Verification;

/// <summary>A check of every container's image: the released one under the commit's tag, the others as they are named.</summary>
internal abstract class ImageCheck(ImageReader images) : DefinitionCheck
{
    public override CheckGroup Group => CheckGroup.Image;

    protected override async Task<IReadOnlyList<Finding>> RunAsync(JsonObject definition, VerifiedRelease release, CancellationToken cancellationToken) =>
        await Task.WhenAll(release.Containers.Select(container => OfContainerAsync(container, release, cancellationToken)));

    /// <summary>What to say of the released image that deploy is going to build.</summary>
    protected abstract Task<Finding> NotBuiltAsync(string container, VerifiedRelease release, CancellationToken cancellationToken);

    /// <param name="facts">Null = there is no such image.</param>
    protected abstract Finding Find(string container, string image, ImageFacts? facts, VerifiedRelease release);

    protected Task<Finding> ReadAsync(string container, string image, VerifiedRelease release, CancellationToken cancellationToken) =>
        Finding.OfAsync($"container '{container}': image '{image}'", async () => ImageReader.ForeignRegion(image, release) is { } region
            ? Finding.CouldNotCheck($"container '{container}': image '{image}' is in region {region}, which this release does not ask")
            : Find(container, image, await images.ReadAsync(image, release, cancellationToken), release));

    private Task<Finding> OfContainerAsync(JsonObject container, VerifiedRelease release, CancellationToken cancellationToken)
    {
        var name = container.Text("name") ?? "";
        // A file may give the released image to other containers too; before it is built the variable stays.
        var isReleased = name == release.Desired!.Container || container.Text("image") == "${image}";
        if (isReleased && release.Image is null)
            return release.Tag is null
                ? Task.FromResult(Finding.CouldNotCheck($"container '{name}': the plan is refused, so its image is not known"))
                : NotBuiltAsync(name, release, cancellationToken);
        if (!isReleased && container.Object("repositoryCredentials") is not null)
            return Task.FromResult(Finding.CouldNotCheck($"container '{name}': its registry's credentials lie in a secret, which is not read"));
        var image = isReleased ? release.Image! : container.Text("image") ?? "";
        return ReadAsync(name, image, release, cancellationToken);
    }
}

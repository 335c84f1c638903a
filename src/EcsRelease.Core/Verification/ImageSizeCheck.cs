using EcsRelease.Aws;

namespace EcsRelease.Verification;

/// <summary>Layers within ECR's quota, and all images within the storage of a Fargate task, which holds them both
/// compressed and unpacked (docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-storage.html).</summary>
internal sealed class ImageSizeCheck(ImageReader images) : ImageCheck(images)
{
    // docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html, Maximum layer size.
    private const long LargestLayer = 52_000L * 1024 * 1024;

    private const int DefaultStorageGiB = 20;

    public override string Name => "image size";

    // A release seldom changes the size by much: the live image stands in for the one to come.
    protected override async Task<Finding> NotBuiltAsync(string container, VerifiedRelease release, CancellationToken cancellationToken) => release.LiveImage is { } live
        ? await ReadAsync(container, live, release, cancellationToken)
        : Finding.CouldNotCheck($"container '{container}': its first image is not built yet");

    protected override Finding Find(string container, string image, ImageFacts? facts, VerifiedRelease release)
    {
        if (facts is null)
            return Finding.CouldNotCheck($"container '{container}': image '{image}' does not exist");
        if (facts.LargestLayer > LargestLayer)
            return Finding.Failed($"container '{container}': a layer of '{image}' has {ByteText.Of(facts.LargestLayer)}, ECR takes {ByteText.Of(LargestLayer)}", "Spread its files over several layers.");
        var storage = (release.Desired!.Definition.Object("ephemeralStorage").Integer("sizeInGiB") ?? DefaultStorageGiB) * 1024L * 1024 * 1024;
        return release.IsFargate && facts.Bytes > storage
            ? Finding.Failed($"container '{container}': '{image}' has {ByteText.Of(facts.Bytes)} compressed, a task's storage {ByteText.Of(storage)}",
                "Raise \"ephemeralStorage\": {\"sizeInGiB\": N} of the task definition (21 to 200).")
            : Finding.Ok($"container '{container}': {ByteText.Of(facts.Bytes)} compressed{(image == release.LiveImage && release.Image is null ? ", as the live image" : "")}");
    }
}

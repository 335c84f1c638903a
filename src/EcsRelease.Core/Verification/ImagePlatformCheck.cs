using EcsRelease.Aws;

namespace EcsRelease.Verification;

/// <summary>Every image is there, for the platform that the tasks run on.</summary>
internal sealed class ImagePlatformCheck(ImageReader images) : ImageCheck(images)
{
    public override string Name => "images";

    protected override Task<Finding> NotBuiltAsync(string container, VerifiedRelease release, CancellationToken cancellationToken) => Task.FromResult(
        Finding.Ok($"container '{container}': {release.Repository?.Uri ?? release.Repository?.Name}:{release.Tag} is not there yet; deploy builds it for {Wanted(release)}"));

    protected override Finding Find(string container, string image, ImageFacts? facts, VerifiedRelease release)
    {
        if (facts is null)
            return Finding.Failed($"container '{container}': image '{image}' does not exist", $"Push it, or correct its name: docker manifest inspect {ShellWord.Of(image)}");
        var offered = string.Join(", ", facts.Platforms);
        // Without runtimePlatform the container instances decide; Fargate then takes X86_64.
        if (!release.IsFargate && release.Desired!.Definition.Object("runtimePlatform").Text("cpuArchitecture") is null)
            return Finding.Ok($"container '{container}': '{image}' is there for {offered}; the definition asks for no architecture");
        return facts.Platforms.Contains(Wanted(release))
            ? Finding.Ok($"container '{container}': '{image}' is there for {Wanted(release)}")
            : Finding.Failed($"container '{container}': image '{image}' is for {offered}, the tasks run on {Wanted(release)}",
                $"Push an image for {Wanted(release)}, or set EcsArchitecture={(Wanted(release).EndsWith("arm64", StringComparison.Ordinal) ? "X86_64" : "ARM64")}.");
    }

    private static string Wanted(VerifiedRelease release) => ImageReader.PlatformOf(release.Desired!.Definition);
}

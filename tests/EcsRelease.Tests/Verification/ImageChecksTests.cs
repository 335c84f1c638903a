using System.Text;
using EcsRelease.Aws;
using EcsRelease.Images.Ecr;
using EcsRelease.Registry;
using EcsRelease.Tests.Images;
using EcsRelease.Tests.Images.Ecr;
using EcsRelease.Tests.Registry;
using EcsRelease.Verification;

namespace EcsRelease.Tests.Verification;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ImageChecksTests : IAsyncDisposable
{
    private readonly FaultyRegistry registry = new();
    private readonly ScriptedEcr ecr;

    public ImageChecksTests() => ecr = new ScriptedEcr(registry);

    public async ValueTask DisposeAsync() => await registry.DisposeAsync();

    [Test]
    public async Task An_image_that_is_not_built_yet_is_no_failure()
    {
        (await PlatformAsync(Released())).ShouldBeOk($"{registry.Host}/orders:{new string('a', 40)} is not there yet; deploy builds it for linux/amd64");
        (await SizeAsync(Released())).ShouldNotBeChecked("first image is not built yet");
    }

    [Test]
    public async Task The_live_image_tells_the_size_of_the_next_one()
    {
        await TestImage.PushAsync(registry.Host, TestImage.Of("live"), "live");

        (await SizeAsync(Released() with { LiveImage = $"{registry.Host}/orders:live" })).ShouldBeOk("4 B compressed, as the live image");
    }

    [Test]
    public async Task An_image_that_is_there_for_the_platform()
    {
        await TestImage.PushAsync(registry.Host, TestImage.Of("one"), "sha");

        (await PlatformAsync(Released("sha"))).ShouldBeOk("is there for linux/amd64");
        (await SizeAsync(Released("sha"))).ShouldBeOk("3 B compressed");
    }

    [Test]
    public async Task An_index_is_asked_for_its_platforms()
    {
        var image = TestImage.Of("one");
        await TestImage.PushAsync(registry.Host, image, "child");
        var index = ScriptedEcr.IndexOf(image);
        registry.Manifests["sha"] = (index.MediaType, index.Bytes.ToArray());
        registry.Manifests[image.Manifest.Digest] = (image.Manifest.MediaType, image.Manifest.Bytes.ToArray());

        (await PlatformAsync(Released("sha"))).ShouldBeOk("is there for linux/amd64");
        (await PlatformAsync(Released("sha", "ARM64"))).ShouldHaveFailed("is for linux/amd64, the tasks run on linux/arm64", "EcsArchitecture=X86_64");
    }

    [Test]
    public async Task An_image_of_another_platform()
    {
        await TestImage.PushAsync(registry.Host, TestImage.Of("one"), "sha");

        (await PlatformAsync(Released("sha", "ARM64"))).ShouldHaveFailed("is for linux/amd64, the tasks run on linux/arm64", "Push an image for linux/arm64");
    }

    [Test]
    public async Task An_image_that_does_not_exist() =>
        (await PlatformAsync(Released("sha"))).ShouldHaveFailed("does not exist", $"docker manifest inspect {registry.Host}/orders:sha");

    [Test]
    public async Task A_repository_that_does_not_exist()
    {
        ecr.Fail = (operation, _) => operation == "BatchGetImage" ? new AwsServiceException("ecr:BatchGetImage", "RepositoryNotFoundException", "no") : null;

        (await PlatformAsync(Released("sha"))).ShouldHaveFailed("does not exist", "docker manifest inspect");
    }

    [Test]
    public async Task ECR_that_may_not_be_read()
    {
        ecr.Fail = (_, _) => new AwsServiceException("ecr:BatchGetImage", "AccessDeniedException", "not authorized");

        (await PlatformAsync(Released("sha"))).ShouldNotBeChecked("AccessDeniedException not authorized");
    }

    [Test]
    public async Task A_sidecar_of_another_registry_is_asked_for_there()
    {
        await using var other = new FaultyRegistry();
        await TestImage.PushAsync(other.Host, TestImage.Of("proxy"), "1");
        var release = Sidecar($"{other.Host}/orders:1");

        (await CheckBed.RunAsync(new ImagePlatformCheck(new(TimeProvider.System)), release))[1].ShouldBeOk($"container 'proxy': '{other.Host}/orders:1' is there for linux/amd64");
    }

    [Test]
    public async Task A_registry_out_of_reach_is_no_failure()
    {
        var release = Sidecar($"127.0.0.1:{FaultyRegistry.FreePort()}/orders:1");

        (await CheckBed.RunAsync(new ImagePlatformCheck(new(TimeProvider.System)), release))[1].ShouldNotBeChecked("ECSR3003");
    }

    [Test]
    public async Task A_registry_that_wants_other_credentials_is_no_failure()
    {
        await using var other = new FaultyRegistry { Intercept = context => FaultyRegistry.Answer(context, 401, FaultyRegistry.Error("UNAUTHORIZED", "no")) };

        (await CheckBed.RunAsync(new ImagePlatformCheck(new(TimeProvider.System)), Sidecar($"{other.Host}/orders:1")))[1].ShouldNotBeChecked("ECSR3004");
    }

    [Test]
    public async Task A_name_that_is_none_is_said() =>
        (await CheckBed.RunAsync(new ImagePlatformCheck(new(TimeProvider.System)), Sidecar("Not An Image")))[1].ShouldNotBeChecked("ECSR3020");

    [Test]
    public async Task An_image_of_ECR_in_another_region_is_not_asked_for() =>
        (await CheckBed.RunAsync(new ImagePlatformCheck(new(TimeProvider.System)), Sidecar("123456789012.dkr.ecr.us-east-1.amazonaws.com/proxy:1")))[1].ShouldNotBeChecked("region us-east-1");

    [Test]
    public async Task A_private_registry_of_a_sidecar_is_not_asked() =>
        (await CheckBed.RunAsync(new ImagePlatformCheck(new(TimeProvider.System)), Sidecar("registry.example/proxy:1", """,{"credentialsParameter":"arn:x"}""")))[1].ShouldNotBeChecked("credentials lie in a secret");

    [Test]
    public async Task Each_image_is_read_once_for_all_checks()
    {
        await TestImage.PushAsync(registry.Host, TestImage.Of("one"), "sha");
        var images = new ImageReader(TimeProvider.System);

        await Checks.RunAsync([new ImagePlatformCheck(images), new ImageSizeCheck(images)], Released("sha"), CancellationToken.None);

        ecr.Calls.Count(call => call == "BatchGetImage").Should().Be(1);
    }

    [TestCase(21L * 1024, "20", "ephemeralStorage")]
    [TestCase(60L * 1024, "200", "Spread its files")]
    public async Task An_image_that_is_too_large(long mebibytes, string gibibytes, string next)
    {
        Describe(mebibytes * 1024 * 1024);

        (await SizeAsync(Released("sha", storage: gibibytes))).ShouldHaveFailed("GB", next);
    }

    [Test]
    public async Task A_large_image_with_as_large_a_storage()
    {
        Describe(21L * 1024 * 1024 * 1024);

        (await SizeAsync(Released("sha", storage: "40"))).ShouldBeOk("22.5 GB compressed");
    }

    // A manifest alone says how large the layers are.
    private void Describe(long layer)
    {
        var config = Encoding.UTF8.GetBytes("""{"architecture":"amd64","os":"linux"}""");
        registry.Blobs[FaultyRegistry.DigestOf(config)] = config;
        registry.Manifests["sha"] = (MediaTypes.OciManifest, Encoding.UTF8.GetBytes($$$"""
            {"schemaVersion":2,"mediaType":"{{{MediaTypes.OciManifest}}}","config":{"digest":"{{{FaultyRegistry.DigestOf(config)}}}","size":{{{config.Length}}}},
             "layers":[{"digest":"sha256:{{{new string('1', 64)}}}","size":{{{layer}}}}]}
            """));
    }

    private VerifiedRelease Sidecar(string image, string credentials = "") =>
        Over(CheckBed.Release($$$"""
            {"requiresCompatibilities":["FARGATE"],"containerDefinitions":[{"name":"app"},{"name":"proxy","image":"{{{image}}}"{{{(credentials.Length == 0 ? "" : ",\"repositoryCredentials\":" + credentials[1..])}}}}]}
            """));

    private VerifiedRelease Released(string? tag = null, string architecture = "X86_64", string storage = "20") =>
        Over(CheckBed.Release($$$"""
            {"requiresCompatibilities":["FARGATE"],"runtimePlatform":{"cpuArchitecture":"{{{architecture}}}"},"ephemeralStorage":{"sizeInGiB":{{{storage}}}},"containerDefinitions":[{"name":"app"}]}
            """)) with { Image = tag is null ? null : $"{registry.Host}/orders:{tag}" };

    private VerifiedRelease Over(VerifiedRelease release) => release with
    {
        Access = release.Access with { Ecr = new AmazonEcrClient(ecr) },
        Repository = new EcrRepository { Name = "orders", Uri = $"{registry.Host}/orders", Description = new() { ["imageTagMutability"] = "IMMUTABLE" } },
    };

    private static Task<Finding> PlatformAsync(VerifiedRelease release) => CheckBed.OneAsync(new ImagePlatformCheck(new(TimeProvider.System)), release);

    private static Task<Finding> SizeAsync(VerifiedRelease release) => CheckBed.OneAsync(new ImageSizeCheck(new(TimeProvider.System)), release);
}

using EcsRelease.Aws;
using EcsRelease.Aws.Targets;
using EcsRelease.Images;
using EcsRelease.Images.Ecr;
using EcsRelease.Tests.Registry;

namespace EcsRelease.Tests.Images.Ecr;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ImageLookTests : IAsyncDisposable
{
    private readonly FaultyRegistry registry = new();
    private readonly ScriptedEcr ecr;
    private readonly List<Notice> warnings = [];

    public ImageLookTests() => ecr = new ScriptedEcr(registry);

    public async ValueTask DisposeAsync() => await registry.DisposeAsync();

    [TestCase("orders")]
    [TestCase("111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders")]
    public async Task A_missing_repository_of_the_own_account_and_region_is_created_when_allowed(string wanted)
    {
        ecr.IsRepositoryMissing = true;

        var repository = await FindAsync(new ReleaseOptions { CreateRepository = true }, wanted);

        repository.Should().Be(new EcrRepository { Name = "orders" });
    }

    [TestCase("444455556666.dkr.ecr.eu-west-1.amazonaws.com/orders")]
    [TestCase("111122223333.dkr.ecr.us-east-1.amazonaws.com/orders")]
    public async Task A_missing_repository_elsewhere_is_not_created_and_the_error_does_not_promise_it(string wanted)
    {
        ecr.IsRepositoryMissing = true;

        var finding = () => FindAsync(new ReleaseOptions { CreateRepository = true }, wanted);

        (await finding.Should().ThrowAsync<EcsReleaseException>()).Which.Should().Match<EcsReleaseException>(
            error => error.Code == "ECSR4007" && !error.Message.Contains("EcrCreateRepository") && error.Message.Contains("aws ecr create-repository"));
    }

    [TestCase(ImageReferencePolicy.Auto, "by digest")]
    [TestCase(ImageReferencePolicy.Tag, "another image may run under it later")]
    public async Task A_mutable_repository_is_warned_of_with_what_it_means_for_this_release(ImageReferencePolicy policy, string meaning)
    {
        await FindAsync(new ReleaseOptions { ImageReference = policy, MovingTags = ["latest"] }, "orders");

        warnings.Should().ContainSingle(warning => warning.Code == "ECSR3015").Which.Message.Should().Contain(meaning)
            .And.EndWith("--image-tag-mutability IMMUTABLE_WITH_EXCLUSION --image-tag-mutability-exclusion-filters 'filterType=WILDCARD,filter=latest'");
    }

    [Test]
    public async Task A_config_that_is_not_what_the_manifest_names_decides_no_reuse()
    {
        var image = TestImage.Of("one");
        await TestImage.PushAsync(registry.Host, image, "sha");
        registry.Blobs[image.Blobs[1].Descriptor.Digest] = "{}"u8.ToArray();

        var finding = () => FindImageAsync("sha");

        (await finding.Should().ThrowAsync<EcsReleaseException>()).Which.Code.Should().Be("ECSR3022");
    }

    [TestCase(":sha-of-live")]
    [TestCase("@DIGEST")]
    [TestCase(":sha-of-live@DIGEST")]
    public async Task The_live_images_blobs_are_known_by_the_same_call_however_it_is_named(string suffix)
    {
        var live = TestImage.Of("live");
        await TestImage.PushAsync(registry.Host, live, "sha-of-live");

        var (image, blobs, _) = await FindImageAsync("sha", ecr.Uri + suffix.Replace("DIGEST", live.Manifest.Digest, StringComparison.Ordinal));

        image.Should().BeNull();
        blobs.Should().BeEquivalentTo(live.Blobs.Select(blob => blob.Descriptor.Digest));
        ecr.Calls.Should().Equal("BatchGetImage");
    }

    [Test]
    public async Task Of_a_live_index_the_blobs_of_its_platform_are_known()
    {
        var live = TestImage.Of("live");
        await TestImage.PushAsync(registry.Host, live, "child");
        var index = ScriptedEcr.IndexOf(live);
        registry.Manifests["live"] = (index.MediaType, index.Bytes.ToArray());

        (await FindImageAsync("sha", ecr.Uri + ":live")).LiveBlobs.Should().BeEquivalentTo(live.Blobs.Select(blob => blob.Descriptor.Digest));
    }

    [Test]
    public async Task A_live_image_that_cannot_be_read_has_no_known_blobs_and_fails_nothing()
    {
        var index = ScriptedEcr.IndexOf(TestImage.Of("live"));
        registry.Manifests["live"] = (index.MediaType, index.Bytes.ToArray());
        registry.Manifests["damaged"] = (index.MediaType, "not json"u8.ToArray());
        var calls = 0;
        ecr.Fail = (_, _) => ++calls == 2 ? new AwsServiceException("ecr:BatchGetImage", "AccessDeniedException", "no") : null;

        (await FindImageAsync("sha", ecr.Uri + ":live")).LiveBlobs.Should().BeEmpty();
        (await FindImageAsync("sha", ecr.Uri + ":damaged")).LiveBlobs.Should().BeEmpty();
        (await FindImageAsync("sha", ecr.Uri + ":gone", "other/repository:live")).LiveBlobs.Should().BeEmpty();
    }

    [Test]
    public async Task Moving_tags_that_the_image_does_not_have_yet_are_known_by_the_same_call()
    {
        var image = TestImage.Of("one");
        await TestImage.PushAsync(registry.Host, image, "sha");
        await TestImage.PushAsync(registry.Host, image, "main");
        await TestImage.PushAsync(registry.Host, TestImage.Of("two"), "latest");
        var plan = ecr.Plan();

        var found = await Look(new() { MovingTags = ["latest", "main", "new"], ReuseImage = ReuseImagePolicy.Any })
            .FindImageAsync(plan.Repository, "sha", plan.Commit.Sha, plan.Platform, plan.ImageInputs, [], default);

        found.MovingTags.Should().Equal("latest", "new");
        ecr.Calls.Count(call => call == "BatchGetImage").Should().Be(1);
    }

    private Task<FoundImage> FindImageAsync(string tag, params string[] live)
    {
        var plan = ecr.Plan();
        return Look(new()).FindImageAsync(plan.Repository, tag, plan.Commit.Sha, plan.Platform, plan.ImageInputs, live, default);
    }

    private Task<EcrRepository> FindAsync(ReleaseOptions options, string wanted) =>
        Look(options).FindRepositoryAsync(wanted, "sha", ecr.Access("111122223333", "eu-west-1"), warnings.Add, default);

    private ImageLook Look(ReleaseOptions options) => new(new AmazonEcrClient(ecr), options,
        new TargetDefaults { CreateRepository = false, CreateService = false, CreateLogGroup = false, MayUseLocalBase = false, Architecture = "X86_64" }, TimeProvider.System);
}

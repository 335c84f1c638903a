using EcsRelease.Tests.Tool;
using EcsRelease.Aws;
using EcsRelease.Images;
using EcsRelease.Images.Ecr;
using EcsRelease.Tests.Registry;

namespace EcsRelease.Tests.Images.Ecr;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EcrPushTests : IAsyncDisposable
{
    private readonly FaultyRegistry registry = new();
    private readonly ScriptedEcr ecr;

    public EcrPushTests() => ecr = new ScriptedEcr(registry);

    public async ValueTask DisposeAsync() => await registry.DisposeAsync();

    [Test]
    public async Task Blobs_of_the_live_image_are_neither_looked_for_nor_sent()
    {
        var live = TestImage.Of("live");
        await TestImage.PushAsync(registry.Host, live, "live");

        var pushed = await Push(null).PushAsync(ecr.Plan(liveBlobs: ExistingImageReader.BlobsOf(live.Manifest)), live, default);

        pushed.Figures.Blobs.Should().Be(0);
        ecr.Looks.Should().BeEmpty();
    }

    [Test]
    public async Task All_blobs_are_looked_for_in_one_call()
    {
        var image = TestImage.Of("new");
        await using (var layer = await image.Blobs[0].Open(default))
            registry.Blobs[image.Blobs[0].Descriptor.Digest] = ((MemoryStream)layer).ToArray();

        var pushed = await PushAsync(image);

        ecr.Looks.Should().ContainSingle().Which["layerDigests"]!.AsArray().Should().HaveCount(2);
        pushed.Figures.Blobs.Should().Be(1, "the layer was there");
        registry.Requests.Select(request => request.Split(' ')[0]).Should().Equal("POST", "PUT", "PUT", "GET");
        pushed.Figures.Requests.Should().Be(6, "those, the token and the look");
    }

    [Test]
    public async Task Moving_tags_are_moved_by_one_token_whether_the_image_is_built_or_found()
    {
        var image = TestImage.Of("one");
        var options = new ReleaseOptions { MovingTags = ["latest", "main"] };
        await PushAsync(image, options);
        await TestImage.PushAsync(registry.Host, TestImage.Of("other"), "latest");
        await TestImage.PushAsync(registry.Host, TestImage.Of("other"), "main");
        ecr.Calls.Clear();

        await ReuseAsync(image, options);

        ecr.Calls.Should().Equal("BatchGetImage", "GetAuthorizationToken");
        registry.Manifests["latest"].Bytes.Should().Equal(image.Manifest.Bytes.ToArray());
        registry.Manifests["main"].Bytes.Should().Equal(image.Manifest.Bytes.ToArray());
    }

    [Test]
    public async Task A_moving_tag_of_a_reused_image_that_may_not_move_fails_the_release_with_the_command()
    {
        var image = TestImage.Of("one");
        await TestImage.PushAsync(registry.Host, image, "sha");
        await TestImage.PushAsync(registry.Host, TestImage.Of("other"), "latest");
        ecr.Repository["imageTagMutability"] = "IMMUTABLE";
        registry.Intercept = context => context.Request.HttpMethod == "PUT" && FaultyRegistry.Answer(context, 400, FaultyRegistry.Error("TAG_INVALID", "immutable"));

        var moving = () => ReuseAsync(image, new ReleaseOptions { MovingTags = ["latest"] });

        (await moving.Should().ThrowAsync<EcsReleaseException>()).Which.Should().Match<EcsReleaseException>(
            error => error.Code == "ECSR3011" && error.Message.Contains("filter=latest"));
    }

    [Test]
    public async Task A_moving_tag_that_did_not_move_is_noticed_also_after_a_build()
    {
        registry.Intercept = context => context.Request.HttpMethod == "PUT" && context.Request.Url!.AbsolutePath.EndsWith("/latest", StringComparison.Ordinal)
            && FaultyRegistry.Answer(context, 201);

        var pushing = () => PushAsync(TestImage.Of("one"), new ReleaseOptions { MovingTags = ["latest"] });

        (await pushing.Should().ThrowAsync<EcsReleaseException>()).Which.Code.Should().Be("ECSR3008");
    }

    private Task<PushedImage> PushAsync(BuiltImage image, ReleaseOptions? options = null) =>
        Push(options).PushAsync(ecr.Plan(), image, default);

    private Task<PushedImage> ReuseAsync(BuiltImage image, ReleaseOptions options) =>
        Push(options).PushAsync(ecr.Plan(image: new ExistingImage(image.Manifest, ["linux/amd64"], new Dictionary<string, string>(), [])), null, default);

    private EcrPush Push(ReleaseOptions? options) => new(new AmazonEcrClient(ecr), options ?? new(), new ScriptedTarget("{}").Defaults, new TestImage.Listener(), TimeProvider.System);
}

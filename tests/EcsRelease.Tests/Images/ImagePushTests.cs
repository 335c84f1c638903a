using EcsRelease.Images;
using EcsRelease.Registry;
using EcsRelease.Tests.Registry;

namespace EcsRelease.Tests.Images;

[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ImagePushTests : IAsyncDisposable
{
    private readonly FaultyRegistry registry = new();

    public async ValueTask DisposeAsync() => await registry.DisposeAsync();

    [Test]
    public async Task The_same_image_again_sends_no_blob()
    {
        var image = TestImage.Of("one");
        var first = await TestImage.PushAsync(registry.Host, image, "sha");

        var second = await TestImage.PushAsync(registry.Host, image, "sha");

        (first.BlobsSent, second.BlobsSent).Should().Be((2, 0));
        first.BytesSent.Should().Be(image.Blobs.Sum(blob => blob.Descriptor.Size) + image.Manifest.Bytes.Length);
    }

    [Test]
    public async Task What_is_known_to_be_there_is_not_even_asked_for()
    {
        var image = TestImage.Of("one");
        await TestImage.PushAsync(registry.Host, image, "first");
        registry.Requests.Clear();

        await TestImage.PushAsync(registry.Host, image, "second", known: ExistingImageReader.BlobsOf(image.Manifest));

        registry.Requests.Should().Equal("PUT /v2/orders/manifests/second", "GET /v2/orders/manifests/second");
    }

    [Test]
    public async Task A_moving_tag_follows_with_the_same_digest_and_is_read_back()
    {
        var image = TestImage.Of("one");
        await TestImage.PushAsync(registry.Host, image, "sha");
        registry.Requests.Clear();

        await TestImage.MoveAsync(registry.Host, image, "latest");

        registry.Manifests.Keys.Should().BeEquivalentTo("sha", "latest", image.Manifest.Digest);
        registry.Requests.Should().Equal("PUT /v2/orders/manifests/latest", "GET /v2/orders/manifests/latest");
    }

    [Test]
    public async Task A_moving_tag_that_did_not_move_is_noticed()
    {
        await TestImage.PushAsync(registry.Host, TestImage.Of("old"), "latest");
        registry.Intercept = context => IsPutOfManifest(context) && FaultyRegistry.Answer(context, 201);

        var moving = () => TestImage.MoveAsync(registry.Host, TestImage.Of("new"), "latest");

        (await moving.Should().ThrowAsync<EcsReleaseException>()).Which.Code.Should().Be("ECSR3008");
    }

    [Test]
    public async Task A_moving_tag_whose_blobs_come_late_is_put_again()
    {
        var refusals = 0;
        var image = TestImage.Of("one");
        await TestImage.PushAsync(registry.Host, image, "sha");
        registry.Intercept = context => IsPutOfManifest(context) && Interlocked.Increment(ref refusals) <= 2
            && FaultyRegistry.Answer(context, 404, FaultyRegistry.Error("BLOB_UNKNOWN", "not yet"));

        await TestImage.MoveAsync(registry.Host, image, "latest");

        registry.Manifests.Should().ContainKey("latest");
    }

    [Test]
    public async Task A_manifest_that_comes_too_early_for_the_registry_is_put_again()
    {
        var refusals = 0;
        registry.Intercept = context => IsPutOfManifest(context) && Interlocked.Increment(ref refusals) <= 3
            && FaultyRegistry.Answer(context, 404, FaultyRegistry.Error("BLOB_UNKNOWN", "not yet"));

        await TestImage.PushAsync(registry.Host, TestImage.Of("one"), "sha");

        registry.Manifests.Should().ContainKeys("sha", TestImage.Of("one").Manifest.Digest);
    }

    [Test]
    public async Task A_blob_that_was_wrongly_taken_for_known_is_sent_after_all()
    {
        var image = TestImage.Of("one");
        registry.Intercept = context => IsPutOfManifest(context) && registry.Blobs.IsEmpty
            && FaultyRegistry.Answer(context, 400, FaultyRegistry.Error("MANIFEST_BLOB_UNKNOWN", "deleted meanwhile"));

        await TestImage.PushAsync(registry.Host, image, "sha", known: ExistingImageReader.BlobsOf(image.Manifest));

        registry.Blobs.Should().HaveCount(2);
    }

    [Test]
    public async Task An_immutable_tag_with_our_digest_is_success()
    {
        var image = TestImage.Of("one");
        await TestImage.PushAsync(registry.Host, image, "sha");
        MakeImmutable();

        var pushing = () => TestImage.PushAsync(registry.Host, image, "sha");

        await pushing.Should().NotThrowAsync();
    }

    [Test]
    public async Task An_immutable_tag_with_another_digest_is_an_error_that_shows_both()
    {
        var (theirs, ours) = (TestImage.Of("theirs"), TestImage.Of("ours"));
        await TestImage.PushAsync(registry.Host, theirs, "sha");
        MakeImmutable();

        var pushing = () => TestImage.PushAsync(registry.Host, ours, "sha");

        (await pushing.Should().ThrowAsync<EcsReleaseException>()).Which.Should().Match<EcsReleaseException>(error => error.Code == "ECSR3006"
            && error.Message.Contains(theirs.Manifest.Digest) && error.Message.Contains(ours.Manifest.Digest) && error.Message.Contains("orders:sha"));
    }

    [Test]
    public async Task A_moving_tag_that_may_not_move_is_an_error_that_names_it()
    {
        await TestImage.PushAsync(registry.Host, TestImage.Of("old"), "latest");
        registry.Intercept = context => IsPutOfManifest(context) && context.Request.Url!.AbsolutePath.EndsWith("/latest", StringComparison.Ordinal)
            && FaultyRegistry.Answer(context, 400, FaultyRegistry.Error("TAG_INVALID", "the tag is immutable"));

        var moving = () => TestImage.MoveAsync(registry.Host, TestImage.Of("new"), "latest");

        (await moving.Should().ThrowAsync<EcsReleaseException>()).Which.Should().Match<EcsReleaseException>(error => error.Code == "ECSR3011" && error.Message.Contains("'latest'"));
    }

    [Test]
    public async Task A_tag_that_somebody_else_moved_meanwhile_is_noticed()
    {
        var theirs = TestImage.Of("theirs").Manifest;
        registry.Intercept = context =>
        {
            if (context.Request.HttpMethod == "GET" && context.Request.Url!.AbsolutePath.EndsWith("/sha", StringComparison.Ordinal))
                registry.Manifests["sha"] = (theirs.MediaType, theirs.Bytes.ToArray());
            return false;
        };

        var pushing = () => TestImage.PushAsync(registry.Host, TestImage.Of("ours"), "sha");

        (await pushing.Should().ThrowAsync<EcsReleaseException>()).Which.Should().Match<EcsReleaseException>(error => error.Code == "ECSR3008" && error.Message.Contains(theirs.Digest));
    }

    [Test]
    public async Task Progress_ends_at_the_sum_of_all_bytes()
    {
        var listener = new TestImage.Listener();
        var image = TestImage.Of("one");

        await TestImage.PushAsync(registry.Host, image, "sha", reporter: listener);

        var last = listener.Seen.Last();
        (last.Done, last.Total, last.Unit).Should().Be((image.Blobs.Sum(blob => blob.Descriptor.Size), last.Done, "bytes"));
    }

    [Test]
    public async Task An_existing_image_is_read_from_its_manifest_and_config()
    {
        var image = TestImage.Of("one");
        using var config = (MemoryStream)await image.Blobs[1].Open(default);

        var existing = ExistingImageReader.Read(image.Manifest, config.ToArray());

        ExistingImageReader.ChildToRead(image.Manifest, "linux/amd64").Should().BeNull();
        ExistingImageReader.ConfigOf(image.Manifest).Should().Be(image.Blobs[1].Descriptor);
        existing.Platforms.Should().Equal("linux/amd64");
        existing.Labels.Should().Equal(new Dictionary<string, string> { ["text"] = "one" });
        existing.ExposedPorts.Should().Equal("8080/tcp");
    }

    [Test]
    public void Of_an_index_the_child_for_the_platform_tells()
    {
        var (amd, arm) = (new string('a', 64), new string('b', 64));
        var json = $$$"""
            {"manifests":[{"digest":"sha256:{{{new string('c', 64)}}}","size":1,"platform":{"os":"unknown","architecture":"unknown"}},
            {"digest":"sha256:{{{amd}}}","size":1,"platform":{"os":"linux","architecture":"amd64"}},{"digest":"sha256:{{{arm}}}","size":1,"platform":{"os":"linux","architecture":"arm64","variant":"v8"}}]}
            """;
        var index = new Manifest(MediaTypes.OciIndex, "sha256:" + new string('d', 64), System.Text.Encoding.UTF8.GetBytes(json));

        ExistingImageReader.ChildToRead(index, "linux/arm64")!.Digest.Should().EndWith(arm);
        ExistingImageReader.ChildToRead(index, "linux/riscv64")!.Digest.Should().EndWith(amd);
        ExistingImageReader.Read(index, "{}"u8).Platforms.Should().Equal("linux/amd64", "linux/arm64");
    }

    [TestCase("not json")]
    [TestCase("[]")]
    [TestCase("""{"config":{"digest":"sha256:../../etc","size":1},"layers":[]}""")]
    [TestCase("""{"config":"text","layers":[]}""")]
    [TestCase("""{"layers":{}}""")]
    public void A_damaged_manifest_is_a_coded_error(string json)
    {
        var reading = () => ManifestDocument.Parse(new Manifest(MediaTypes.OciManifest, "sha256:x", System.Text.Encoding.UTF8.GetBytes(json)));

        reading.Should().Throw<EcsReleaseException>().Where(error => error.Code == "ECSR3019");
    }

    private void MakeImmutable() => registry.Intercept = context => IsPutOfManifest(context)
        && FaultyRegistry.Answer(context, 400, FaultyRegistry.Error("TAG_INVALID", "The image tag 'sha' already exists in the 'orders' repository and cannot be overwritten because the tag is immutable."));

    private static bool IsPutOfManifest(System.Net.HttpListenerContext context) =>
        context.Request.HttpMethod == "PUT" && context.Request.Url!.AbsolutePath.Contains("/manifests/");
}

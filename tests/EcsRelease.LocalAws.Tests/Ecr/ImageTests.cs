using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Tests.Support;

namespace EcsRelease.LocalAws.Tests.Ecr;

[Parallelizable(ParallelScope.All)]
public class ImageTests
{
    [Test]
    public async Task A_pushed_image_is_described_and_its_manifest_comes_back_byte_for_byte()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        var registry = await RegistryClient.LogInAsync(aws);
        var manifest = await registry.PushImageBlobsAsync("orders", "content");
        using var put = await registry.PutManifestAsync("orders", "one", manifest);

        var images = await aws.CallAsync("ecr", "BatchGetImage", Ids("orders", ("imageTag", "one"), ("imageTag", "two")));
        var details = (await aws.CallAsync("ecr", "DescribeImages", new JsonObject { ["repositoryName"] = "orders" }))["imageDetails"]!.AsArray();

        images["images"]![0]!["imageManifest"]!.GetValue<string>().Should().Be(Encoding.UTF8.GetString(manifest));
        images["images"]![0]!["imageId"]!["imageDigest"]!.GetValue<string>().Should().Be(RegistryClient.Digest(manifest));
        images["failures"]!.ToJsonString().Should().Be("""[{"imageId":{"imageTag":"two"},"failureCode":"ImageNotFound","failureReason":"Requested image not found"}]""");
        details.Should().ContainSingle().Which!["imageTags"]!.ToJsonString().Should().Be("""["one"]""");
    }

    [Test]
    public async Task An_image_of_a_type_that_is_not_accepted_is_not_found()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        await (await RegistryClient.LogInAsync(aws)).PushImageAsync("orders", "one", "content");
        var input = Ids("orders", ("imageTag", "one"));
        input["acceptedMediaTypes"] = new JsonArray("application/vnd.docker.distribution.manifest.v2+json");

        var answer = await aws.CallAsync("ecr", "BatchGetImage", input);

        answer["images"]!.AsArray().Should().BeEmpty();
        answer["failures"]!.AsArray().Should().HaveCount(1);
    }

    [Test]
    public async Task PutImage_adds_a_tag_and_refuses_the_same_one_again()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        var registry = await RegistryClient.LogInAsync(aws);
        var manifest = await registry.PushImageBlobsAsync("orders", "content");
        var digest = RegistryClient.Digest(manifest);
        var input = new JsonObject { ["repositoryName"] = "orders", ["imageManifest"] = Encoding.UTF8.GetString(manifest), ["imageTag"] = "one" };

        await aws.CallAsync("ecr", "PutImage", input);

        (await aws.FailAsync("ecr", "PutImage", input)).Should().Be((
            "ImageAlreadyExistsException", $"Image with digest '{digest}' and tag 'one' already exists in the repository with name 'orders' in registry with id '000000000000'"));
        input["imageDigest"] = RegistryClient.Digest("other"u8.ToArray());
        (await aws.FailAsync("ecr", "PutImage", input)).Type.Should().Be("ImageDigestDoesNotMatchException");
    }

    [TestCase("IMMUTABLE", new string[0], "latest", false)]
    [TestCase("IMMUTABLE_WITH_EXCLUSION", new[] { "latest", "dev-*" }, "latest", true)]
    [TestCase("IMMUTABLE_WITH_EXCLUSION", new[] { "latest", "dev-*" }, "dev-7", true)]
    [TestCase("IMMUTABLE_WITH_EXCLUSION", new[] { "dev-*", "v1.0" }, "v1x0", false)]
    [TestCase("MUTABLE_WITH_EXCLUSION", new[] { "v*" }, "v1", false)]
    [TestCase("MUTABLE_WITH_EXCLUSION", new[] { "v*" }, "main", true)]
    [TestCase("MUTABLE", new string[0], "v1", true)]
    public async Task A_tag_moves_only_where_the_repository_lets_it(string mutability, string[] exclusions, string tag, bool moves)
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders", mutability, exclusions);
        var registry = await RegistryClient.LogInAsync(aws);
        await registry.PushImageAsync("orders", tag, "first");
        var manifest = await registry.PushImageBlobsAsync("orders", "second");
        var input = new JsonObject { ["repositoryName"] = "orders", ["imageManifest"] = Encoding.UTF8.GetString(manifest), ["imageTag"] = tag };

        if (moves)
            await aws.CallAsync("ecr", "PutImage", input);
        else
            (await aws.FailAsync("ecr", "PutImage", input)).Should().Be(("ImageTagAlreadyExistsException", $"The image tag '{tag}' already exists in the 'orders' repository and cannot be overwritten because the tag is immutable."));
    }

    [Test]
    public async Task Mutability_is_changed_and_checked()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");

        await aws.CallAsync("ecr", "PutImageTagMutability", new JsonObject { ["repositoryName"] = "orders", ["imageTagMutability"] = "IMMUTABLE" });

        var repository = (await aws.CallAsync("ecr", "DescribeRepositories", new JsonObject { ["repositoryNames"] = new JsonArray("orders") }))["repositories"]![0]!;
        repository["imageTagMutability"]!.GetValue<string>().Should().Be("IMMUTABLE");
        (await aws.FailAsync("ecr", "PutImageTagMutability", new JsonObject { ["repositoryName"] = "orders", ["imageTagMutability"] = "SOMETIMES" })).Type.Should().Be("InvalidParameterException");
    }

    [Test]
    public async Task The_last_tag_takes_the_image_with_it()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        var registry = await RegistryClient.LogInAsync(aws);
        await registry.PushImageAsync("orders", "one", "content");
        await registry.PushImageAsync("orders", "two", "content");

        await aws.CallAsync("ecr", "BatchDeleteImage", Ids("orders", ("imageTag", "one")));
        var left = (await aws.CallAsync("ecr", "ListImages", new JsonObject { ["repositoryName"] = "orders" }))["imageIds"]!.AsArray();
        await aws.CallAsync("ecr", "BatchDeleteImage", Ids("orders", ("imageTag", "two")));

        left.Should().ContainSingle().Which!["imageTag"]!.GetValue<string>().Should().Be("two");
        (await aws.CallAsync("ecr", "ListImages", new JsonObject { ["repositoryName"] = "orders" }))["imageIds"]!.AsArray().Should().BeEmpty();
        var layers = await aws.CallAsync("ecr", "BatchCheckLayerAvailability", new JsonObject
        {
            ["repositoryName"] = "orders",
            ["layerDigests"] = new JsonArray(RegistryClient.Digest("content"u8.ToArray())),
        });
        layers["layers"]![0]!["layerAvailability"]!.GetValue<string>().Should().Be("UNAVAILABLE");
    }

    [Test]
    public async Task By_its_digest_an_image_goes_with_all_of_its_tags()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        var registry = await RegistryClient.LogInAsync(aws);
        await registry.PushImageAsync("orders", "one", "content");
        await registry.PushImageAsync("orders", "two", "content");
        var digest = (await aws.CallAsync("ecr", "DescribeImages", new JsonObject { ["repositoryName"] = "orders" }))["imageDetails"]![0]!["imageDigest"]!.GetValue<string>();

        var answer = await aws.CallAsync("ecr", "BatchDeleteImage", Ids("orders", ("imageDigest", digest)));

        answer["imageIds"]!.AsArray().Select(id => id!["imageTag"]!.GetValue<string>()).Should().Equal("one", "two");
        (await aws.CallAsync("ecr", "ListImages", new JsonObject { ["repositoryName"] = "orders" }))["imageIds"]!.AsArray().Should().BeEmpty();
    }

    [Test]
    public async Task A_child_of_an_index_is_not_deleted()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        var registry = await RegistryClient.LogInAsync(aws);
        var child = await registry.PushImageBlobsAsync("orders", "content");
        using var put = await registry.PutManifestAsync("orders", RegistryClient.Digest(child), child);
        var index = RegistryClient.Index((child, "amd64"));
        using var putIndex = await registry.PutManifestAsync("orders", "one", index, RegistryClient.IndexType);

        var answer = await aws.CallAsync("ecr", "BatchDeleteImage", Ids("orders", ("imageDigest", RegistryClient.Digest(child))));

        answer["imageIds"]!.AsArray().Should().BeEmpty();
        answer["failures"]![0]!["failureCode"]!.GetValue<string>().Should().Be("ImageReferencedByManifestList");
        answer["failures"]![0]!["failureReason"]!.GetValue<string>().Should().Contain(RegistryClient.Digest(index));
    }

    [Test]
    public async Task An_image_that_is_asked_for_by_name_and_missing_is_an_error()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");

        (await aws.FailAsync("ecr", "DescribeImages", Ids("orders", ("imageTag", "none")))).Should().Be((
            "ImageNotFoundException",
            "The image with imageId {imageDigest:'null', imageTag:'none'} does not exist within the repository with name 'orders' in the registry with id '000000000000'"));
    }

    private static JsonObject Ids(string repository, params (string Kind, string Value)[] ids) => new()
    {
        ["repositoryName"] = repository,
        ["imageIds"] = new JsonArray([.. ids.Select(id => new JsonObject { [id.Kind] = id.Value })]),
    };
}

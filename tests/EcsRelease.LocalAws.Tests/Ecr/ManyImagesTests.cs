using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.State;
using EcsRelease.LocalAws.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace EcsRelease.LocalAws.Tests.Ecr;

/// <summary>Repositories as years of releases leave them: each operation looks at what it names, not at all images.</summary>
[TestFixture]
public sealed class ManyImagesTests
{
    private const int Images = 1000;

    private LocalAwsFixture _aws = null!;

    [SetUp]
    public async Task Start() => _aws = await LocalAwsFixture.StartAsync();

    [TearDown]
    public async Task Stop() => await _aws.DisposeAsync();

    [Test]
    public async Task A_thousand_images_are_put_described_and_deleted_in_batches()
    {
        await _aws.CreateRepositoryAsync("orders");
        var first = await (await RegistryClient.LogInAsync(_aws)).PushImageBlobsAsync("orders", "content");

        var digests = new List<string>();
        for (var i = 0; i < Images; i++)
            digests.Add(await PutAsync(first, $"v{i}"));
        var described = await DescribeAsync();
        foreach (var batch in digests.Skip(1).Chunk(100))
        {
            var answer = await _aws.CallAsync("ecr", "BatchDeleteImage", new JsonObject
            {
                ["repositoryName"] = "orders",
                ["imageIds"] = new JsonArray([.. batch.Select(digest => new JsonObject { ["imageDigest"] = digest })]),
            });
            answer["failures"]!.AsArray().Should().BeEmpty();
        }

        described.Should().Equal(digests.Order(StringComparer.Ordinal));
        (await DescribeAsync()).Should().Equal(digests[0]);
        var layers = await _aws.CallAsync("ecr", "BatchCheckLayerAvailability", new JsonObject
        {
            ["repositoryName"] = "orders", ["layerDigests"] = new JsonArray(RegistryClient.Digest("content"u8.ToArray())),
        });
        layers["layers"]![0]!["layerAvailability"]!.ToString().Should().Be("AVAILABLE", "the image that is left has the layer");
    }

    [Test]
    public async Task A_state_of_an_older_version_knows_its_indexes_and_referrers_after_the_start()
    {
        await _aws.CreateRepositoryAsync("orders");
        var registry = await RegistryClient.LogInAsync(_aws);
        var child = await registry.PushImageBlobsAsync("orders", "content");
        using var put = await registry.PutManifestAsync("orders", "child", child);
        var index = RegistryClient.Index((child, "amd64"));
        using var putIndex = await registry.PutManifestAsync("orders", "index", index, RegistryClient.IndexType);
        var documents = _aws.Services.GetRequiredService<IDocumentStore>();
        documents.Delete("ecr.references", "");
        documents.Delete("ecr.reference", $"orders@{RegistryClient.Digest(child)}@Child@{RegistryClient.Digest(index)}").Should().BeTrue();

        await _aws.RestartAsync();

        var answer = await _aws.CallAsync("ecr", "BatchDeleteImage", new JsonObject
        {
            ["repositoryName"] = "orders", ["imageIds"] = new JsonArray(new JsonObject { ["imageDigest"] = RegistryClient.Digest(child) }),
        });
        answer["failures"]![0]!["failureCode"]!.ToString().Should().Be("ImageReferencedByManifestList");
    }

    private async Task<string> PutAsync(byte[] manifest, string tag)
    {
        var own = JsonNode.Parse(manifest)!.AsObject();
        own["annotations"] = new JsonObject { ["tag"] = tag };
        var text = own.ToJsonString();
        await _aws.CallAsync("ecr", "PutImage", new JsonObject { ["repositoryName"] = "orders", ["imageManifest"] = text, ["imageTag"] = tag });
        return RegistryClient.Digest(Encoding.UTF8.GetBytes(text));
    }

    private async Task<IReadOnlyList<string>> DescribeAsync()
    {
        var digests = new List<string>();
        string? token = null;
        do
        {
            var page = await _aws.CallAsync("ecr", "DescribeImages", new JsonObject { ["repositoryName"] = "orders", ["maxResults"] = 1000, ["nextToken"] = token });
            digests.AddRange(page["imageDetails"]!.AsArray().Select(image => image!["imageDigest"]!.ToString()));
            token = (string?)page["nextToken"];
        }
        while (token is not null);
        return digests;
    }
}

using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace EcsRelease.LocalAws.Tests.Registry;

[Parallelizable(ParallelScope.All)]
public class RegistryTests
{
    [Test]
    public async Task Without_a_token_the_registry_asks_for_one_as_ECR_does()
    {
        await using var aws = await LocalAwsFixture.StartAsync();

        using var answer = await aws.Http.GetAsync(new Uri(aws.Endpoint, "/v2/"));

        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ToString().Replace(", ", ",", StringComparison.Ordinal).Should().Be($"Basic realm=\"http://{aws.Host}/\",service=\"ecr.amazonaws.com\"");
        (await answer.Content.ReadAsStringAsync()).Should().Be("Not Authorized\n");
    }

    [Test]
    public async Task A_token_is_refused_after_twelve_hours()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var aws = await LocalAwsFixture.StartAsync(clock);
        var registry = await RegistryClient.LogInAsync(aws);
        using var before = await registry.SendAsync(HttpMethod.Get, "/v2/");

        clock.Advance(TimeSpan.FromHours(12) + TimeSpan.FromSeconds(1));
        using var after = await registry.SendAsync(HttpMethod.Get, "/v2/");

        before.StatusCode.Should().Be(HttpStatusCode.OK);
        after.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await RegistryClient.ErrorAsync(after)).Should().Be(("DENIED", "Your authorization token has expired. Reauthenticate and try again."));
    }

    [Test]
    public async Task A_forged_token_is_refused()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        var forged = Convert.ToBase64String(Encoding.UTF8.GetBytes("AWS:99999999999999.0123.AAAA"));

        using var answer = await new RegistryClient(aws, forged).SendAsync(HttpMethod.Get, "/v2/");

        answer.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
    }

    [Test]
    public async Task An_immutable_tag_is_refused_also_with_the_same_image()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders", "IMMUTABLE");
        var registry = await RegistryClient.LogInAsync(aws);
        var manifest = await registry.PushImageBlobsAsync("orders", "content");
        using var first = await registry.PutManifestAsync("orders", "one", manifest);

        using var second = await registry.PutManifestAsync("orders", "one", manifest);

        second.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await RegistryClient.ErrorAsync(second)).Should().Be(
            ("TAG_INVALID", "The image tag 'one' already exists in the 'orders' repository and cannot be overwritten because the tag is immutable."));
    }

    [Test]
    public async Task A_manifest_must_name_what_the_repository_has()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        var registry = await RegistryClient.LogInAsync(aws);
        var image = RegistryClient.ImageManifest("config"u8.ToArray(), "layer"u8.ToArray());

        using var put = await registry.PutManifestAsync("orders", "one", image);
        using var index = await registry.PutManifestAsync("orders", "two", RegistryClient.Index((image, "amd64")), RegistryClient.IndexType);

        (await RegistryClient.ErrorAsync(put)).Code.Should().Be("MANIFEST_BLOB_UNKNOWN");
        (await RegistryClient.ErrorAsync(index)).Code.Should().Be("MANIFEST_BLOB_UNKNOWN");
    }

    [TestCase("not json", "application/vnd.oci.image.manifest.v1+json")]
    [TestCase("""{"schemaVersion":1}""", "application/vnd.oci.image.manifest.v1+json")]
    [TestCase("""{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}""", "application/vnd.oci.image.manifest.v1+json")]
    [TestCase("""{"schemaVersion":2,"config":{"digest":"sha256:../../../etc/passwd","size":1},"layers":[]}""", "application/vnd.oci.image.manifest.v1+json")]
    public async Task What_is_no_manifest_is_refused(string manifest, string type)
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        var registry = await RegistryClient.LogInAsync(aws);

        using var put = await registry.PutManifestAsync("orders", "one", Encoding.UTF8.GetBytes(manifest), type);

        put.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await RegistryClient.ErrorAsync(put)).Code.Should().Be("MANIFEST_INVALID");
    }

    [TestCase("/v2/nothing/manifests/one", HttpStatusCode.NotFound, "NAME_UNKNOWN")]
    [TestCase("/v2/orders/manifests/none", HttpStatusCode.NotFound, "MANIFEST_UNKNOWN")]
    [TestCase("/v2/orders/blobs/sha256:0000000000000000000000000000000000000000000000000000000000000000", HttpStatusCode.NotFound, "BLOB_UNKNOWN")]
    [TestCase("/v2/orders/blobs/sha256:..%2f..%2fstate.db", HttpStatusCode.BadRequest, "DIGEST_INVALID")]
    [TestCase("/v2/..%2f..%2fetc/blobs/passwd", HttpStatusCode.BadRequest, "NAME_INVALID")]
    [TestCase("/v2/UPPER/manifests/one", HttpStatusCode.BadRequest, "NAME_INVALID")]
    public async Task What_does_not_exist_or_is_no_name_is_refused(string path, HttpStatusCode status, string code)
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        var registry = await RegistryClient.LogInAsync(aws);

        using var answer = await registry.SendAsync(HttpMethod.Get, path);

        answer.StatusCode.Should().Be(status);
        (await RegistryClient.ErrorAsync(answer)).Code.Should().Be(code);
    }

    [Test]
    public async Task A_manifest_with_a_subject_is_listed_as_its_referrer()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        var registry = await RegistryClient.LogInAsync(aws);
        var subject = await registry.PushImageAsync("orders", "one", "content");
        var empty = "{}"u8.ToArray();
        await registry.PushBlobAsync("orders", empty);
        var manifest = JsonNode.Parse(RegistryClient.ImageManifest(empty, empty))!.AsObject();
        manifest["artifactType"] = "application/vnd.cyclonedx+json";
        manifest["subject"] = new JsonObject { ["mediaType"] = RegistryClient.ImageType, ["digest"] = subject, ["size"] = 1 };
        var bytes = Encoding.UTF8.GetBytes(manifest.ToJsonString());

        using var put = await registry.PutManifestAsync("orders", RegistryClient.Digest(bytes), bytes);
        using var list = await registry.SendAsync(HttpMethod.Get, $"/v2/orders/referrers/{subject}?artifactType=application/vnd.cyclonedx%2Bjson");

        put.Headers.GetValues("OCI-Subject").Should().Equal(subject);
        var referrer = JsonNode.Parse(await list.Content.ReadAsStringAsync())!["manifests"]!.AsArray().Should().ContainSingle().Subject!;
        referrer["digest"]!.GetValue<string>().Should().Be(RegistryClient.Digest(bytes));
        referrer["artifactType"]!.GetValue<string>().Should().Be("application/vnd.cyclonedx+json");
    }

    [TestCase("throttle", 429, "TOOMANYREQUESTS")]
    [TestCase("serverError", 503, "UNAVAILABLE")]
    [TestCase("expiredToken", 403, "DENIED")]
    [TestCase("accessDenied", 403, "DENIED")]
    public async Task A_fault_of_the_registry_fails_the_next_call(string fault, int status, string code)
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        var registry = await RegistryClient.LogInAsync(aws);
        using var set = await aws.AdminAsync(HttpMethod.Post, "/_local/faults", $$"""{"service":"registry","operation":"POST blobs/uploads","fault":"{{fault}}"}""");

        using var failed = await registry.SendAsync(HttpMethod.Post, "/v2/orders/blobs/uploads/");
        using var next = await registry.SendAsync(HttpMethod.Post, "/v2/orders/blobs/uploads/");

        ((int)failed.StatusCode).Should().Be(status);
        (await RegistryClient.ErrorAsync(failed)).Code.Should().Be(code);
        next.StatusCode.Should().Be(HttpStatusCode.Accepted);
    }

    [Test]
    public async Task A_lost_answer_of_the_registry_is_lost_after_the_manifest_was_kept()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        var registry = await RegistryClient.LogInAsync(aws);
        var manifest = await registry.PushImageBlobsAsync("orders", "content");
        using var set = await aws.AdminAsync(HttpMethod.Post, "/_local/faults", """{"service":"registry","operation":"PUT manifests","fault":"loseAnswer"}""");

        var put = () => registry.PutManifestAsync("orders", "one", manifest);

        await put.Should().ThrowAsync<HttpRequestException>();
        using var head = await registry.SendAsync(HttpMethod.Head, "/v2/orders/manifests/one");
        head.StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Test]
    public async Task Tags_are_listed_in_pages()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        var registry = await RegistryClient.LogInAsync(aws);
        foreach (var tag in (string[])["b", "a", "c"])
            await registry.PushImageAsync("orders", tag, "content");

        using var first = await registry.SendAsync(HttpMethod.Get, "/v2/orders/tags/list?n=2");
        using var second = await registry.SendAsync(HttpMethod.Get, "/v2/orders/tags/list?n=2&last=b");

        (await first.Content.ReadAsStringAsync()).Should().Be("""{"name":"orders","tags":["a","b"]}""");
        first.Headers.GetValues("Link").Should().Equal("</v2/orders/tags/list?n=2&last=b>; rel=\"next\"");
        (await second.Content.ReadAsStringAsync()).Should().Be("""{"name":"orders","tags":["c"]}""");
    }

    [Test]
    public async Task Images_survive_a_restart_and_half_uploads_do_not()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        var registry = await RegistryClient.LogInAsync(aws);
        var digest = await registry.PushImageAsync("orders", "one", "content");
        using var patch = await registry.SendAsync(HttpMethod.Patch, await registry.StartUploadAsync("orders"), "half"u8.ToArray());
        await File.WriteAllTextAsync(Path.Combine(aws.StatePath, "uploads", "left-by-a-kill"), "half");

        await aws.RestartAsync();

        using var head = await registry.SendAsync(HttpMethod.Head, "/v2/orders/manifests/one");
        head.Headers.GetValues("Docker-Content-Digest").Should().Equal(digest);
        using var layer = await registry.SendAsync(HttpMethod.Get, $"/v2/orders/blobs/{RegistryClient.Digest("content"u8.ToArray())}");
        (await layer.Content.ReadAsStringAsync()).Should().Be("content");
        Directory.EnumerateFiles(Path.Combine(aws.StatePath, "uploads")).Should().BeEmpty();
    }
}

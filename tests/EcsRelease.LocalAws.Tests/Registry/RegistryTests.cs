using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
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
    public async Task A_blob_is_uploaded_in_chunks_and_read_back_whole_and_in_part()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        var registry = await RegistryClient.LogInAsync(aws);
        var bytes = RandomNumberGenerator.GetBytes(300_000);
        var digest = RegistryClient.Digest(bytes);
        var upload = await registry.StartUploadAsync("orders");

        using var patch = await registry.SendAsync(HttpMethod.Patch, upload, bytes[..200_000]);
        using var status = await registry.SendAsync(HttpMethod.Get, upload);
        using var put = await registry.SendAsync(HttpMethod.Put, $"{upload}?digest={digest}", bytes[200_000..]);
        using var whole = await registry.SendAsync(HttpMethod.Get, $"/v2/orders/blobs/{digest}");
        using var part = await registry.SendAsync(HttpMethod.Get, $"/v2/orders/blobs/{digest}", edit: request => request.Headers.Range = new RangeHeaderValue(10, 19));

        patch.StatusCode.Should().Be(HttpStatusCode.Created);
        status.Headers.GetValues("Range").Should().Equal("0-199999");
        put.StatusCode.Should().Be(HttpStatusCode.Created);
        (await whole.Content.ReadAsByteArrayAsync()).Should().Equal(bytes);
        part.StatusCode.Should().Be(HttpStatusCode.PartialContent);
        (await part.Content.ReadAsByteArrayAsync()).Should().Equal(bytes[10..20]);
    }

    [Test]
    public async Task A_blob_is_uploaded_with_one_POST()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        var registry = await RegistryClient.LogInAsync(aws);
        var digest = RegistryClient.Digest("blob"u8.ToArray());

        using var post = await registry.SendAsync(HttpMethod.Post, $"/v2/orders/blobs/uploads/?digest={digest}", "blob"u8.ToArray());
        using var head = await registry.SendAsync(HttpMethod.Head, $"/v2/orders/blobs/{digest}");

        post.StatusCode.Should().Be(HttpStatusCode.Created);
        head.StatusCode.Should().Be(HttpStatusCode.OK);
        head.Content.Headers.ContentLength.Should().Be(4);
    }

    [Test]
    public async Task Content_with_another_digest_is_refused_and_leaves_nothing()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        var registry = await RegistryClient.LogInAsync(aws);
        var digest = RegistryClient.Digest("good"u8.ToArray());

        using var put = await registry.SendAsync(HttpMethod.Put, $"{await registry.StartUploadAsync("orders")}?digest={digest}", "evil"u8.ToArray());
        using var head = await registry.SendAsync(HttpMethod.Head, $"/v2/orders/blobs/{digest}");

        put.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await RegistryClient.ErrorAsync(put)).Code.Should().Be("DIGEST_INVALID");
        head.StatusCode.Should().Be(HttpStatusCode.NotFound);
        Directory.EnumerateFiles(Path.Combine(aws.StatePath, "uploads")).Should().BeEmpty();
    }

    [Test]
    public async Task A_chunk_that_does_not_follow_is_refused()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        var registry = await RegistryClient.LogInAsync(aws);
        var upload = await registry.StartUploadAsync("orders");

        using var patch = await registry.SendAsync(HttpMethod.Patch, upload, "12345"u8.ToArray(), edit: request => request.Content!.Headers.TryAddWithoutValidation("Content-Range", "7-11"));

        patch.StatusCode.Should().Be(HttpStatusCode.RequestedRangeNotSatisfiable);
        (await RegistryClient.ErrorAsync(patch)).Code.Should().Be("BLOB_UPLOAD_INVALID");
    }

    [Test]
    public async Task A_cancelled_upload_is_gone()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("orders");
        var registry = await RegistryClient.LogInAsync(aws);
        var upload = await registry.StartUploadAsync("orders");

        using var delete = await registry.SendAsync(HttpMethod.Delete, upload);
        using var patch = await registry.SendAsync(HttpMethod.Patch, upload, "1"u8.ToArray());

        delete.StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await RegistryClient.ErrorAsync(patch)).Code.Should().Be("BLOB_UPLOAD_UNKNOWN");
    }

    [Test]
    public async Task A_repository_has_only_the_blobs_that_were_pushed_into_it()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("one");
        await aws.CreateRepositoryAsync("two");
        var registry = await RegistryClient.LogInAsync(aws);
        var digest = await registry.PushBlobAsync("one", "shared"u8.ToArray());

        using var other = await registry.SendAsync(HttpMethod.Head, $"/v2/two/blobs/{digest}");

        other.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Test]
    public async Task A_mount_opens_an_upload_unless_the_account_has_switched_mounting_on()
    {
        await using var aws = await LocalAwsFixture.StartAsync();
        await aws.CreateRepositoryAsync("one");
        await aws.CreateRepositoryAsync("two");
        var registry = await RegistryClient.LogInAsync(aws);
        await registry.PushImageAsync("one", "tag", "shared");
        var path = $"/v2/two/blobs/uploads/?mount={RegistryClient.Digest("shared"u8.ToArray())}&from=one";

        using var off = await registry.SendAsync(HttpMethod.Post, path);
        await aws.CallAsync("ecr", "PutAccountSetting", new JsonObject { ["name"] = "BLOB_MOUNTING", ["value"] = "ENABLED" });
        using var on = await registry.SendAsync(HttpMethod.Post, path);

        off.StatusCode.Should().Be(HttpStatusCode.Accepted);
        on.StatusCode.Should().Be(HttpStatusCode.Created);
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

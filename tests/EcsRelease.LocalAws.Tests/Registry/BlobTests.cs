using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using EcsRelease.LocalAws.Tests.Support;

namespace EcsRelease.LocalAws.Tests.Registry;

[Parallelizable(ParallelScope.All)]
public class BlobTests
{
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
}
